import { RequestError } from "@agentclientprotocol/sdk";
import type { Turn } from "../turn.ts";
import type { Script, Word } from "../word.ts";

const INTERNAL_ERROR = -32603;
const GARBAGE_LINES = 200;
const GARBAGE_LINE_CHARACTERS = 1023;

const error: Script = async (turn) => {
  turn.session.host.logError("mock: something went wrong");
  turn.session.host.logError("mock: at step 1 of 1");
  throw new RequestError(INTERNAL_ERROR, "Mock error event.", { code: "mock_error", mock: true });
};

/** An update of a kind that no client knows. */
export const unknown: Script = async (turn) => {
  turn.signal.throwIfAborted();
  await turn.session.deliver({
    sessionUpdate: "mock_unknown",
    content: { type: "text", text: "Mock unknown item." },
  });
};

/** What is not even JSON, and an update without the fields of its kind. */
export const unparsed: Script = async (turn) => {
  turn.signal.throwIfAborted();
  await turn.session.host.printLine("mock: this line is not JSON");
  await turn.session.deliver({ sessionUpdate: "mock_unparsed", raw: "mock" });
};

/**
 * ASCII only: sandbox-agent 0.4.2 cuts a bad line at its 200th byte for the log and dies when that splits a character,
 * after which no output of the agent arrives any more.
 */
const junk: Script = async (turn) => {
  for (let n = 1; n <= GARBAGE_LINES; n += 1) {
    turn.signal.throwIfAborted();
    await turn.session.host.printLine(`junk ${n} {"jsonrpc": `.padEnd(GARBAGE_LINE_CHARACTERS, "#!"));
  }
  await turn.say("That was junk; this is not.");
};

const end: Script = async (turn) => {
  await turn.say("The agent ends now.");
  turn.exitCode = 0;
};

const crash: Script = async (turn) => {
  await turn.say("The agent crashes now.");
  turn.session.host.logError("mock: fatal: simulated crash");
  turn.session.host.logError("    at crash (mock-agent.js:1:1)");
  turn.session.host.exit(3);
  await stall(turn);
};

const stall = (turn: Turn): Promise<void> => turn.untilCancelled(new Promise<never>(() => {}));

export const failureWords: Word[] = [
  { names: ["unknown"], usage: "unknown", purpose: "an update of an unknown kind", script: unknown },
  { names: ["error"], usage: "error", purpose: "a turn that fails", script: error },
  { names: ["unparsed"], usage: "unparsed", purpose: "output that is not the protocol", script: unparsed },
  { names: ["junk"], usage: "junk", purpose: "200 KB of garbage, then an answer", script: junk },
  { names: ["stall"], usage: "stall", purpose: "a turn that only a stop ends", script: stall },
  { names: ["crash"], usage: "crash", purpose: "the process exits with 3 in the turn", script: crash },
  {
    names: ["end", "ended", "session.end"],
    usage: "end",
    purpose: "the process exits with 0 after the turn",
    script: end,
  },
];
