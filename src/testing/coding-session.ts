import type { Envelope } from "#src/domain/event.ts";
import { eventLog, type Told } from "./event-log.ts";

const STEPS = 4;
const TEXT_DELTAS = 17;
const ROWS_PER_TURN = 10;

/**
 * A session as a coding agent makes one, of a number of rows that ten divides: turns of a prompt, four steps (some 600
 * characters of markdown in 17 deltas, then a command with 1 KB of output) and an end. A row takes ten events, so
 * 10,000 rows are 100,000 events.
 */
export function codingSession(rows: number): Envelope[] {
  const turns = Math.ceil(rows / ROWS_PER_TURN);
  return eventLog(
    ...Array.from({ length: turns }, (_, turn) => turnOf(`turn-${turn}`, turn === turns - 1)).flat(),
  );
}

/** Stands in the newest prompt's answer, so that a test can wait until the end is on the page. */
export const LAST_WORDS = "These are the last words of the session.";

function turnOf(turn_id: string, last: boolean): Told[] {
  const message_id = `${turn_id}-prompt`;
  const text = `Find out why the login test fails one time in ten, and mend it. (${turn_id})`;
  return [
    ["user_message", { message_id, content: [{ type: "text", text }], turn_id }],
    ["turn_started", { turn_id, message_id }],
    ["usage_updated", { used: 42_000, size: 200_000 }],
    ...Array.from({ length: STEPS }, (_, step) =>
      stepOf(`${turn_id}-${step}`, last && step === STEPS - 1),
    ).flat(),
    ["session_completed", { session_id: "session", turn_id, stop_reason: "end_turn", duration_ms: 64_000 }],
  ];
}

function stepOf(id: string, last: boolean): Told[] {
  const text = `${markdown(id)}${last ? `\n\n${LAST_WORDS}` : ""}`;
  const size = Math.ceil(text.length / TEXT_DELTAS);
  const deltas = Array.from({ length: TEXT_DELTAS }, (_, n) => text.slice(n * size, (n + 1) * size));
  return [
    ["tool_use_start", { id, name: "Bash", title: "Terminal", kind: "execute", status: "pending" }],
    [
      "tool_update",
      { id, title: "npm test -- login", input: { command: "npm test -- login" }, status: "in_progress" },
    ],
    ["tool_update", { id, output_delta: output(id, 0) }],
    ["tool_update", { id, output_delta: output(id, 1) }],
    ["tool_update", { id, output_delta: output(id, 2) }],
    ["tool_update", { id, status: "completed", exit_code: 0 }],
    ...deltas.map((delta): Told => ["text_delta", { text: delta, block_id: id }]),
    ["text_complete", { text, block_id: id }],
  ];
}

function markdown(id: string): string {
  return [
    `I read the test of step ${id}. It waits for **one animation frame**, but the form renders twice: \`useAuth\` answers after the first.`,
    "- the second render moves the focus\n- the click lands on the old button\n- the assertion reads `null`",
    "```ts\nexport async function signIn(page: Page, user: User) {\n  await page.getByLabel('Name').fill(user.name);\n  await page.getByRole('button', { name: 'Sign in' }).click();\n  await page.waitForURL('/home');\n}\n```",
    "So the fix is to wait for the state that the person sees, and not for a number of frames.",
  ].join("\n\n");
}

function output(id: string, part: number): string {
  return Array.from(
    { length: 7 },
    (_, line) => `  ✓ login.test.ts > case ${part}.${line} of ${id} (3 ms)\n`,
  ).join("");
}
