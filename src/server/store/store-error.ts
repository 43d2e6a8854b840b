/** What went wrong with the store, in words a program can match. */
export type StoreErrorCode = "unwritable" | "corrupt" | "full" | "busy" | "newer_schema" | "failed";

/** The store could not be opened or written. `message` says what to do and holds no stored value. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "StoreError";
    this.code = code;
  }
}

/** What libsql calls its failure (`SQLITE_FULL`, …); "" when the error is not its own. */
export function sqliteCode(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" && error.code.startsWith("SQLITE_") ? error.code : "";
}

/** Whether a write broke a unique index, with the index's columns as SQLite names them: `sandboxes.name`. */
export function uniqueViolation(error: unknown): string | null {
  if (!sqliteCode(error).startsWith("SQLITE_CONSTRAINT") || !(error instanceof Error)) return null;
  return /UNIQUE constraint failed: (.+)$/.exec(error.message)?.[1] ?? null;
}

/** The error as the store's own, when it is about the database file and not about one statement. */
export function toStoreError(error: unknown, file: string): StoreError | null {
  if (error instanceof StoreError) return error;
  const code = sqliteCode(error);
  if (code === "SQLITE_FULL") {
    return new StoreError(
      "full",
      `The disk that holds ${file} is full. Free some space; no restart is needed.`,
      error,
    );
  }
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") {
    return new StoreError(
      "corrupt",
      `${file} is not a readable database. Restore it from a backup or move it away.`,
      error,
    );
  }
  if (code.startsWith("SQLITE_READONLY") || code.startsWith("SQLITE_CANTOPEN") || code === "SQLITE_PERM") {
    return new StoreError("unwritable", `${file} cannot be written. Check its owner and permissions.`, error);
  }
  if (code.startsWith("SQLITE_IOERR")) {
    return new StoreError("failed", `Reading or writing ${file} failed. Check the disk.`, error);
  }
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return new StoreError("busy", `${file} is in use by another program. Close it and try again.`, error);
  }
  return null;
}
