/** What is read to be shown; larger files are only downloaded. */
export const MOST_TEXT_BYTES = 1024 * 1024;
export const MOST_IMAGE_BYTES = 10 * 1024 * 1024;

const imageTypes: Readonly<Record<string, string>> = {
  avif: "image/avif",
  bmp: "image/bmp",
  gif: "image/gif",
  ico: "image/x-icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  svg: "image/svg+xml",
  webp: "image/webp",
};

/** The media type of an image, from its name's ending; null for what is none. */
export function imageTypeOf(name: string): string | null {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return (Object.hasOwn(imageTypes, ending) && imageTypes[ending]) || null;
}

/** Whether a file is small enough to be read and shown. */
export function canShow(name: string, size: number): boolean {
  return size <= (imageTypeOf(name) === null ? MOST_TEXT_BYTES : MOST_IMAGE_BYTES);
}

/** The text of a file, or null when its bytes are none. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}
