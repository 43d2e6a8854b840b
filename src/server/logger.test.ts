import { describe, expect, test } from "vitest";
import { createLogger, type LogLevel } from "./logger.ts";

function log(write: (logger: ReturnType<typeof createLogger>) => void, level: LogLevel = "debug"): string[] {
  const lines: string[] = [];
  write(createLogger(level, { write: (line) => void lines.push(line) }));
  return lines;
}

const secret = "hunter2-hunter2";

describe("a log line", () => {
  test("is one line of JSON with level, time and fields", () => {
    const [line] = log((logger) => logger.info({ session_id: "s1", count: 3, none: null }, "started\nnow"));
    expect(line).toMatch(/^[^\n]*\n$/);
    expect(JSON.parse(line!)).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      session_id: "s1",
      count: 3,
      none: null,
      msg: "started\nnow",
    });
  });

  test("below the level is not written", () => {
    expect(log((logger) => logger.debug("no"), "info")).toEqual([]);
    expect(log((logger) => logger.fatal("no"), "silent")).toEqual([]);
  });

  const circular: Record<string, unknown> = { token: secret };
  circular.self = circular;

  test.each<[string, object, string]>([
    [
      "a header",
      { headers: { authorization: secret, Cookie: secret, "x-api-key": secret, "set-cookie": [secret] } },
      "",
    ],
    ["a deep field", { a: [{ b: { token: secret, value: secret, password: { nested: secret } } }] }, ""],
    [
      "names that end so",
      {
        access_token: secret,
        client_secret: secret,
        private_key: secret,
        accessToken: secret,
        secret_values: { A: secret },
      },
      "",
    ],
    ["an error's details", { error: Object.assign(new Error("no"), { details: { token: secret } }) }, ""],
    ["an error's cause", { error: new Error("no", { cause: { value: secret } }) }, ""],
    ["a circle", circular, ""],
    ["bytes", { body: Buffer.from(secret) }, ""],
    ["a token in the message", {}, `got sbr_${secret} there`],
    ["a bearer in the message", {}, `sent Authorization: Bearer ${secret}`],
    ["credentials in an address", { url: `https://ann:${secret}@host/x` }, `cloned https://${secret}@host/x`],
    ["a sign-in link", {}, `http://127.0.0.1:4270/sign-in#${secret}`],
    ["an error's message", { error: new Error(`Bearer ${secret} was refused`) }, ""],
  ])("does not hold %s", (_name, fields, message) => {
    const [line] = log((logger) => logger.error(fields, message));
    expect(line).not.toContain(secret);
    expect(line).not.toContain(Buffer.from(secret).toString("base64"));
    expect(() => JSON.parse(line!)).not.toThrow();
  });

  test("keeps what gives nothing away", () => {
    const fields = { tokens: 12, has_token: true, token: null, key_id: "ab", input_tokens: 5, code: "full" };
    const [line] = log((logger) => logger.info(fields, ""));
    expect(JSON.parse(line!)).toMatchObject(fields);
  });

  test("shows an error with its code, its stack and its cause", () => {
    const error = Object.assign(new Error("outer", { cause: new TypeError("inner") }), { code: "ENOENT" });
    const [line] = log((logger) => logger.error({ error }, "failed"));
    expect(JSON.parse(line!).error).toMatchObject({
      type: "Error",
      message: "outer",
      code: "ENOENT",
      stack: expect.stringContaining("logger.test.ts"),
      cause: { type: "TypeError", message: "inner" },
    });
  });

  test("leaves what it was given as it was", () => {
    const fields = { token: secret, nested: { value: secret } };
    log((logger) => logger.info(fields, ""));
    expect(fields).toEqual({ token: secret, nested: { value: secret } });
  });
});
