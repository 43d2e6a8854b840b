import { describe, expect, test } from "vitest";
import { type Config, parseConfig } from "./config.ts";

const defaults: Config = {
  host: "127.0.0.1",
  port: 4270,
  data_dir: "/home/ann/.local/share/sandbar",
  open: false,
  turn_silence_minutes: 60,
  log_level: "info",
  allow_hosts: [],
  token: null,
  key: null,
};
const parse = (args: string[], env: Record<string, string> = {}) => parseConfig(args, env, "/home/ann");

describe("parseConfig", () => {
  test.each<[string, string[], Record<string, string>, Partial<Config>]>([
    ["nothing", [], {}, {}],
    [
      "flags",
      ["--host", "::1", "--port=0", "--open", "--log-level", "debug"],
      {},
      { host: "::1", port: 0, open: true, log_level: "debug" },
    ],
    [
      "variables",
      [],
      { SANDBAR_PORT: "80", SANDBAR_OPEN: "1", SANDBAR_LOG_LEVEL: "silent" },
      { port: 80, open: true, log_level: "silent" },
    ],
    ["a flag before its variable", ["--port", "1"], { SANDBAR_PORT: "2" }, { port: 1 }],
    [
      "an empty variable",
      [],
      { SANDBAR_PORT: "", SANDBAR_OPEN: "", SANDBAR_TOKEN: "", SANDBAR_HOST: "" },
      {},
    ],
    ["a data directory", ["--data-dir", "/data/"], { SANDBAR_DATA_DIR: "/other" }, { data_dir: "/data" }],
    ["XDG_DATA_HOME", [], { XDG_DATA_HOME: "/xdg" }, { data_dir: "/xdg/sandbar" }],
    [
      "several hosts",
      ["--allow-host", "a.example", "--allow-host", "b.example,c.example"],
      {},
      { allow_hosts: ["a.example", "b.example", "c.example"] },
    ],
    [
      "several hosts in the variable",
      [],
      { SANDBAR_ALLOW_HOST: " a.example, b.example," },
      { allow_hosts: ["a.example", "b.example"] },
    ],
    [
      "secrets",
      [],
      { SANDBAR_TOKEN: "0123456789abcdef", SANDBAR_KEY: "k" },
      { token: "0123456789abcdef", key: "k" },
    ],
  ])("reads %s", (_name, args, env, expected) => {
    expect(parse(args, env)).toEqual({ kind: "run", config: { ...defaults, ...expected }, warnings: [] });
  });

  test.each<[string[], Record<string, string>, RegExp]>([
    [["--nonsense"], {}, /--nonsense/],
    [["stray"], {}, /stray/],
    [["--port"], {}, /port/],
    [["--port", "-1"], {}, /port/],
    [["--port", "65536"], {}, /0 to 65535, not "65536"/],
    [["--port", "80a"], {}, /0 to 65535/],
    [["--log-level", "loud"], {}, /debug, info/],
    [["--turn-silence", "0"], {}, /1 to 10080/],
    [[], { SANDBAR_TURN_SILENCE: "soon" }, /1 to 10080/],
    [[], { SANDBAR_OPEN: "maybe" }, /SANDBAR_OPEN takes 1 or 0/],
    [[], { SANDBAR_TOKEN: "short" }, /at least 16/],
  ])("refuses %j with %j", (args, env, message) => {
    expect(parse(args, env)).toEqual({ kind: "error", message: expect.stringMatching(message) });
    expect(parse(args, env)).toEqual({ kind: "error", message: expect.stringMatching(/--help/) });
  });

  test("never repeats a token", () => {
    expect(parse([], { SANDBAR_TOKEN: "my secret is here" })).toEqual({
      kind: "error",
      message: expect.not.stringContaining("my secret"),
    });
  });

  test.each([["--help"], ["-h"]])("shows the help for %s, whatever else is wrong", (flag) => {
    expect(parse([flag], { SANDBAR_PORT: "x" })).toMatchObject({
      kind: "help",
      text: expect.stringContaining("SANDBAR_DATA_DIR"),
    });
  });

  test("shows the version", () => {
    expect(parse(["--version"])).toEqual({ kind: "version" });
  });

  test.each([
    ["0.0.0.0", 1],
    ["192.168.1.5", 1],
    ["::", 1],
    ["127.0.0.1", 0],
    ["localhost", 0],
    ["::1", 0],
  ])("on %s warns %i times", (host, count) => {
    expect(parse(["--host", host])).toMatchObject({ warnings: { length: count } });
  });
});
