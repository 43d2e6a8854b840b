const BLOCK = 512;
const NOT_WHOLE = "this is not a whole tar archive";

export type TarEntry = { path: string; kind: "file" | "directory"; bytes: Uint8Array };

/**
 * Files and folders of a plain tar archive, with the long names of GNU and of pax. Links and devices are left out: an
 * upload has no use for them, and a link could lead out of the folder.
 * @throws Error when it is no tar archive
 */
export function readTar(archive: Uint8Array): TarEntry[] {
  const entries: TarEntry[] = [];
  let long_name: string | null = null;
  let at = 0;
  while (at + BLOCK <= archive.length) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return entries;
    const size = octal(header.subarray(124, 136));
    const start = at + BLOCK;
    if (Number.isNaN(size) || !hasChecksum(header) || start + size > archive.length)
      throw new Error(NOT_WHOLE);
    const bytes = archive.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    switch (String.fromCharCode(header[156] ?? 0)) {
      case "L":
        long_name = text(bytes);
        continue;
      case "x":
        long_name = paxPath(bytes) ?? long_name;
        continue;
      case "0":
      case "\0":
        entries.push({ path: long_name ?? nameOf(header), kind: "file", bytes });
        break;
      case "5":
        entries.push({ path: long_name ?? nameOf(header), kind: "directory", bytes: new Uint8Array() });
        break;
      default:
        break;
    }
    long_name = null;
  }
  if (at < archive.length) throw new Error(NOT_WHOLE);
  return entries;
}

function nameOf(header: Uint8Array): string {
  const prefix = text(header.subarray(257, 263)).startsWith("ustar") ? text(header.subarray(345, 500)) : "";
  const name = text(header.subarray(0, 100));
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Text up to its end or the first NUL. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function octal(bytes: Uint8Array): number {
  const digits = text(bytes).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** The sum of the header's bytes, its own field counted as spaces. */
function hasChecksum(header: Uint8Array): boolean {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  return sum === octal(header.subarray(148, 156));
}

/** The `path` record of a pax header: lines of `<length> <key>=<value>`. */
function paxPath(bytes: Uint8Array): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(new TextDecoder().decode(bytes))?.[1] ?? null;
}
