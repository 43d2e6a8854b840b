import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { ndJsonStream } from "@agentclientprotocol/sdk";
import { connectMockAgent } from "./agent.ts";
import { Shell } from "./shell.ts";
import { SessionStore } from "./store.ts";

/** Writes whole lines only, so that plain lines and messages never mix. */
function write(bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

const shell = new Shell();
const store = new SessionStore(join(process.env.XDG_DATA_HOME || tmpdir(), "sandbar-mock"));
// Node types its web streams apart from the platform's; at run time they are the same.
const input = Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
const stream = ndJsonStream(new WritableStream({ write }), input);

// A broken pipe means that nobody listens any more.
process.stdout.on("error", () => process.exit(1));
process.on("exit", () => shell.killAll());
connectMockAgent(stream, {
  printLine: (line) => write(`${line}\n`),
  logError: (line) => process.stderr.write(`${line}\n`),
  exit: (code) => process.exit(code),
  now: () => new Date(),
  store,
  shell,
});
