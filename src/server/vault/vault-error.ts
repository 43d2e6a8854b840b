export type VaultErrorCode = "bad_key" | "wrong_key" | "damaged";

/** Why the vault cannot seal or open. The message says what to do and never holds a key or a value. */
export class VaultError extends Error {
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "VaultError";
    this.code = code;
  }
}
