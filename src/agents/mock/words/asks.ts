import {
  CreateElicitationResponse,
  ElicitationPropertySchema,
  MultiSelectItems,
  methods,
} from "@agentclientprotocol/sdk";
import { takeArgument } from "../prompt.ts";
import type { Turn } from "../turn.ts";
import type { Script, Word } from "../word.ts";
import { writeFile } from "./files.ts";
import { runCommand } from "./run.ts";

type Fields = Record<string, ElicitationPropertySchema>;

/** Two permissions in a row; each tool does its work when it is allowed. */
export const permission: Script = async (turn) => {
  await runCommand(turn, "echo mock");
  await writeFile(turn, `mock_${turn.number}/deny.txt`, "mock output\n");
};

/** Two questions in a row, or the one kind of form that the argument names. */
export const question: Script = async (turn, { rest }) => {
  switch (takeArgument(rest).argument.toLowerCase()) {
    case "multi":
      return ask(turn, "Which parts shall I test?", {
        answer: multiSelect("Parts", ["Server", "Page", "Agent"]),
      });
    case "text":
      return ask(turn, "What shall I call it?", {
        answer: { type: "string", title: "Name", minLength: 1, maxLength: 80 },
      });
    case "all":
      return ask(turn, "A few things before I start", everyField, ["color"]);
    default:
      await ask(turn, "Choose a color", { answer: select("Color", ["Red", "Blue"]) });
      await ask(turn, "Allow mock experiment?", { answer: select("Experiment", ["Yes", "No"]) });
  }
};

export const proceed: Script = (turn) => ask(turn, "Proceed?", { answer: select("Proceed", ["Yes", "No"]) });

const everyField: Fields = {
  color: select("Color", ["Red", "Blue"]),
  parts: multiSelect("Parts", ["Server", "Page", "Agent"]),
  name: { type: "string", title: "Name", description: "What the result is called" },
  copies: { type: "integer", title: "Copies", minimum: 1, maximum: 9, default: 1 },
  notify: { type: "boolean", title: "Tell me when it is done", default: false },
};

function select(title: string, choices: string[]): ElicitationPropertySchema {
  return { type: "string", title, oneOf: titled(choices) };
}

function multiSelect(title: string, choices: string[]): ElicitationPropertySchema {
  return { type: "array", title, minItems: 1, items: { anyOf: titled(choices) } };
}

function titled(choices: string[]): { const: string; title: string }[] {
  return choices.map((choice) => ({ const: choice, title: choice }));
}

/** Asks with a form and says what was answered; a client without forms gets the question as text. */
async function ask(
  turn: Turn,
  message: string,
  properties: Fields,
  required = Object.keys(properties),
): Promise<void> {
  if (!turn.canAsk) return turn.say(inPlainText(message, properties));
  const response = await turn.untilCancelled(
    turn.session.client.request(methods.client.elicitation.create, {
      sessionId: turn.session.record.id,
      mode: "form",
      message,
      requestedSchema: { type: "object", properties, required },
    }),
  );
  await turn.say(`${message} ${describeAnswer(response)}\n\n`);
}

function describeAnswer(response: CreateElicitationResponse): string {
  if (!CreateElicitationResponse.isAccept(response)) return `No answer (${response.action}).`;
  const values = Object.entries(response.content ?? {}).map(([name, value]) => {
    const shown = Array.isArray(value) ? value.join(", ") : String(value);
    return name === "answer" ? shown : `${name}: ${shown}`;
  });
  return `You answered: ${values.join("; ")}.`;
}

function inPlainText(message: string, properties: Fields): string {
  const lines = Object.values(properties).map(
    (field) => `- ${String(field.title)}: ${choicesOf(field).join(" / ")}`,
  );
  return `**${message}**\n\n${lines.join("\n")}\n\n`;
}

function choicesOf(field: ElicitationPropertySchema): string[] {
  if (ElicitationPropertySchema.isString(field)) return (field.oneOf ?? []).map(({ title }) => title);
  if (ElicitationPropertySchema.isArray(field) && MultiSelectItems.isTitled(field.items)) {
    return field.items.anyOf.map(({ title }) => title);
  }
  return [field.type];
}

export const askWords: Word[] = [
  {
    names: ["permission", "permissions"],
    usage: "permission",
    purpose: "a command and an edit that each ask",
    script: permission,
  },
  {
    names: ["question", "questions"],
    usage: "question [multi|text|all]",
    purpose: "two questions, or one of another kind",
    script: question,
  },
];
