import type { AvailableCommand } from "@agentclientprotocol/sdk";
import type { Script, Word } from "../word.ts";

/** The slash commands a session announces; each is a word. */
export const availableCommands: AvailableCommand[] = [
  { name: "help", description: "List what the mock agent can do" },
  { name: "demo", description: "Show one of everything" },
  { name: "plan", description: "Follow a plan of five steps" },
  { name: "run", description: "Run a shell command", input: { hint: "command" } },
  { name: "question", description: "Ask a question", input: { hint: "multi, text or all" } },
  { name: "title", description: "Rename the session", input: { hint: "title" } },
];

const commands: Script = async (turn) => {
  await turn.send({ sessionUpdate: "available_commands_update", availableCommands });
  await turn.say(`Slash commands: ${availableCommands.map(({ name }) => `\`/${name}\``).join(", ")}.`);
};

const usage: Script = async (turn) => {
  await turn.send(turn.session.usage());
  await turn.say("This session's usage was just sent.");
};

const title: Script = async (turn, { rest }) => {
  const { record, host } = turn.session;
  record.title = rest.trim() || null;
  await turn.send({
    sessionUpdate: "session_info_update",
    title: record.title,
    updatedAt: host.now().toISOString(),
  });
  await turn.say(
    record.title === null ? "The session has no title now." : `The session is now called "${record.title}".`,
  );
};

export const sessionWords: Word[] = [
  { names: ["usage"], usage: "usage", purpose: "the session's tokens and cost", script: usage },
  {
    names: ["commands"],
    usage: "commands",
    purpose: "the slash commands, announced again",
    script: commands,
  },
  { names: ["title"], usage: "title TEXT", purpose: "renames the session", script: title },
];
