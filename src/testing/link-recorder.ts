import type { Backend, LinkClosed, LinkEvent, OpenSession, SessionLink } from "#src/backends/backend.ts";
import type { DomainEvent, EventData, EventType } from "#src/domain/event.ts";

/** What a link reported, and ways to wait for more. */
export type Recorder = {
  readonly events: LinkEvent[];
  closed(): LinkClosed | null;
  of<T extends EventType>(type: T): EventData[T][];
  /** Ends of turns so far. */
  terminals(): DomainEvent[];
  /** Resolves as soon as `done` holds; rejects after `ms` with what was reported. */
  until(done: (recorder: Recorder) => boolean, ms?: number): Promise<void>;
};

export type Recorded = { link: SessionLink; recorder: Recorder };

/** Opens a session and records everything it reports. */
export async function openRecorded(
  backend: Backend,
  request: Partial<OpenSession> & Pick<OpenSession, "sandbox_ref" | "agent">,
): Promise<Recorded> {
  const events: LinkEvent[] = [];
  const waiting = new Set<() => void>();
  let closed: LinkClosed | null = null;
  const wake = (): void => {
    for (const check of waiting) check();
  };
  const recorder: Recorder = {
    events,
    closed: () => closed,
    of: <T extends EventType>(type: T) =>
      events.flatMap(({ event }) => (event.event_type === type ? [event.data as EventData[T]] : [])),
    terminals: () =>
      events.flatMap(({ event }) =>
        event.event_type === "session_completed" || event.event_type === "session_failed" ? [event] : [],
      ),
    until: (done, ms = 5_000) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (!done(recorder)) return;
          clearTimeout(timer);
          waiting.delete(check);
          resolve();
        };
        const timer = setTimeout(() => {
          waiting.delete(check);
          const told = events.map(({ event }) => JSON.stringify(event).slice(0, 200)).join("\n");
          reject(
            new Error(`It did not happen within ${ms} ms. Reported:\n${told}\nclosed: ${closed?.reason}`),
          );
        }, ms);
        waiting.add(check);
        check();
      }),
  };
  const link = await backend.openSession({
    session_id: crypto.randomUUID(),
    title: null,
    directory: null,
    options: {},
    metadata: {},
    resume: null,
    history: "none",
    signal: new AbortController().signal,
    ...request,
    emit: (event) => {
      events.push(event);
      wake();
    },
    onClosed: (reason) => {
      closed = reason;
      wake();
    },
  });
  return { link, recorder };
}
