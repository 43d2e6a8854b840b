import type { Envelope } from "#src/domain/event.ts";
import type { Actor } from "#src/domain/request.ts";
import type { Services } from "../../routes/services.ts";
import { awaitOutcome, type Outcome, sendText } from "./send.ts";

type Prompt = { session_id: string; message: string; actor: Actor; signal: AbortSignal };

/** Sends a message and passes on the text of its turn as it comes; resolves with the outcome once all of it was. */
export async function streamText(
  services: Pick<Services, "hub" | "sessions" | "transcripts" | "store">,
  { session_id, message, actor, signal }: Prompt,
  onText: (text: string) => Promise<void>,
): Promise<Outcome> {
  let turnText: ((event: Envelope) => string) | null = null;
  const early: Envelope[] = [];
  let written: Promise<void> = Promise.resolve();

  function pass(events: readonly Envelope[]): void {
    if (!turnText) return void early.push(...events);
    const text = events.map(turnText).join("");
    if (text !== "") written = written.then(() => onText(text));
    // A failed write is thrown where all of them are waited for.
    written.catch(() => undefined);
  }

  // Listens before the message is sent, so that nothing of its turn is missed.
  const unsubscribe = services.hub.subscribe({ kind: "session", session_id, sandbox_id: null }, pass);
  try {
    const message_id = await sendText(services, session_id, message, actor);
    turnText = createTurnText(message_id);
    pass(early);
    const outcome = await awaitOutcome(services, session_id, message_id, signal);
    await written;
    return outcome;
  } finally {
    unsubscribe();
  }
}

/** Of a session's events in order, the text that belongs to the turn of one message. */
function createTurnText(message_id: string): (event: Envelope) => string {
  let own = false;
  const said = new Set<string | undefined>();
  return (event) => {
    switch (event.event_type) {
      case "turn_started":
        own = event.data.message_id === message_id;
        return "";
      case "text_delta":
        said.add(event.data.block_id);
        return own ? event.data.text : "";
      case "text_complete":
        // Agents that do not stream tell a block all at once.
        return own && !said.has(event.data.block_id) ? event.data.text : "";
      default:
        return "";
    }
  };
}
