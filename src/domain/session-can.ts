import type { Session } from "./session.ts";

type Subject = Pick<Session, "state" | "stopping" | "archived_at">;

const live = (session: Subject): boolean => session.state !== "completed" && session.state !== "failed";
const busy = (session: Subject): boolean =>
  session.state === "processing" || session.state === "waiting_for_input";

/** What may be done with a session now. Stop ends a turn, End ends the session, archive only hides it. */
export const sessionCan = {
  prompt: (session: Subject): boolean => live(session) && session.archived_at === null,
  stop: (session: Subject): boolean => busy(session),
  end: (session: Subject): boolean => live(session),
  reopen: (session: Subject): boolean => !live(session),
  archive: (session: Subject): boolean => session.archived_at === null && !busy(session),
  restore: (session: Subject): boolean => session.archived_at !== null,
};

/** Whether a turn runs or waits. */
export const isBusy = busy;
