import { type Fleet } from "./service.ts";
import type { FleetDeps } from "./deps.ts";

const CHECK_EVERY_MS = 30_000;

/** Sandboxes that have been idle for as long as they may be, at `now`: no turn runs and none ran for that long. */
export async function idleSandboxes(
  store: FleetDeps["store"],
  now: number,
): Promise<{ id: string; minutes: number }[]> {
  const rows = await store.db
    .selectFrom("sandboxes")
    .select(["id", "auto_stop_minutes", "last_activity_at"])
    .where("state", "=", "running")
    .where("auto_stop_minutes", ">", 0)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("sessions")
            .select("sessions.id")
            .whereRef("sessions.sandbox_id", "=", "sandboxes.id")
            .where("sessions.turn_id", "is not", null),
        ),
      ),
    )
    .execute();
  return rows
    .filter(
      ({ auto_stop_minutes, last_activity_at }) =>
        now - Date.parse(last_activity_at) >= auto_stop_minutes * 60_000,
    )
    .map(({ id, auto_stop_minutes }) => ({ id, minutes: auto_stop_minutes }));
}

/** Stops sandboxes that nobody uses, as their own setting says. */
export function createAutoStop(deps: FleetDeps, fleet: Fleet) {
  let timer: ReturnType<typeof setInterval> | null = null;

  async function look(): Promise<void> {
    for (const { id, minutes } of await idleSandboxes(deps.store, deps.now())) {
      deps.logger.info({ sandbox_id: id, minutes }, "stopping an idle sandbox");
      await fleet.control(id, "stop").catch((error: unknown) => {
        deps.logger.warn({ sandbox_id: id, error }, "an idle sandbox could not be stopped");
      });
    }
  }

  return {
    start(): void {
      timer = setInterval(() => {
        look().catch((error: unknown) =>
          deps.logger.error({ error }, "idle sandboxes could not be looked up"),
        );
      }, CHECK_EVERY_MS);
      timer.unref();
    },
    close(): void {
      if (timer) clearInterval(timer);
    },
  };
}
