import { expect, test } from "vitest";
import { mcpServers } from "./mcp-servers.ts";

test.each<[string, unknown, unknown[]]>([
  ["nothing", undefined, []],
  ["ACP's own list", [{ name: "a", command: "x" }], [{ name: "a", command: "x" }]],
  [
    "a command with arguments and variables",
    { docs: { type: "local", command: "npx", args: ["docs"], env: { KEY: "v" } } },
    [{ name: "docs", command: "npx", args: ["docs"], env: [{ name: "KEY", value: "v" }] }],
  ],
  [
    "variables by their other name",
    { docs: { command: "npx", environment: { KEY: "v" } } },
    [{ name: "docs", command: "npx", args: [], env: [{ name: "KEY", value: "v" }] }],
  ],
  [
    "a command line",
    { docs: { command: ["npx", "-y", "docs"] } },
    [{ name: "docs", command: "npx", args: ["-y", "docs"], env: [] }],
  ],
  [
    "an address",
    { web: { type: "remote", url: "https://mcp.example", headers: { a: "b" } } },
    [{ type: "http", name: "web", url: "https://mcp.example", headers: [{ name: "a", value: "b" }] }],
  ],
  ["one that is switched off", { web: { url: "https://mcp.example", enabled: false } }, []],
])("%s", (_name, given, servers) => {
  expect(mcpServers(given)).toEqual(servers);
});

test.each([["text"], [{ docs: {} }], [{ docs: { command: [] } }]])("%j is refused", (given) => {
  expect(() => mcpServers(given)).toThrow(/command or a url/);
});
