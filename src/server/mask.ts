const MASK = "•••";
const DEEPEST = 8;

/** Names of fields that hold what no log may: the whole name, or its end. */
const secretName =
  /(?:^|[_-])(?:authorization|cookie|token|password|passphrase|secret|value|values|key|env_vars)$/i;

/** A copy of a log line's fields: secret ones masked, errors as plain objects. */
export function maskSecrets(fields: object): Record<string, unknown> {
  return maskFields(fields, 0, new Set());
}

/** Masks tokens and credentials wherever they stand in a text. */
export function maskText(text: string): string {
  return text
    .replaceAll(/\bsbr_[\w-]+/g, `sbr_${MASK}`)
    .replaceAll(/\b(Bearer|Basic) +[^\s"\\]+/gi, `$1 ${MASK}`)
    .replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"\\]+@/gi, `$1${MASK}@`)
    .replaceAll(/(\/sign-in#)[\w-]+/g, `$1${MASK}`);
}

function maskFields(fields: object, depth: number, above: ReadonlySet<object>): Record<string, unknown> {
  const seen = new Set(above).add(fields);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      isSecretName(name) && isRevealing(value) ? MASK : maskValue(value, depth + 1, seen),
    ]),
  );
}

function isSecretName(name: string): boolean {
  return secretName.test(name.replaceAll(/([a-z])(?=[A-Z])/g, "$1_"));
}

/** Null, flags and counts give nothing away. */
function isRevealing(value: unknown): boolean {
  return typeof value === "string" ? value !== "" : typeof value === "object" && value !== null;
}

function maskValue(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (above.has(value)) return "[circular]";
  if (depth > DEEPEST) return "[deeper]";
  if (value instanceof Error) return maskError(value, depth, above);
  if (value instanceof Date) return value.toJSON();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) {
    const seen = new Set(above).add(value);
    return value.map((item) => maskValue(item, depth + 1, seen));
  }
  return maskFields(value, depth, above);
}

function maskError(error: Error, depth: number, above: ReadonlySet<object>): Record<string, unknown> {
  const seen = new Set(above).add(error);
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    stack,
    ...maskFields(error, depth, seen),
    ...(cause === undefined ? {} : { cause: maskValue(cause, depth + 1, seen) }),
  };
}
