import { describe, expect, it, vi } from "vitest";
import { createConnection, type Diagnosis } from "./connection.ts";
import { delta, FakeClock, FakeSource } from "./fake-stream.ts";
import type { StreamStatus } from "./status.ts";

function setUp(diagnosis: Diagnosis = { kind: "answers" }) {
  const clock = new FakeClock();
  const sources: FakeSource[] = [];
  const statuses: StreamStatus[] = [];
  const heard: string[] = [];
  const onSignedOut = vi.fn();
  let answer = diagnosis;
  const connection = createConnection(
    {
      clock,
      random: () => 1,
      diagnose: async () => answer,
      openSource: (url) => {
        const source = new FakeSource(url);
        sources.push(source);
        return source;
      },
    },
    {
      url: () => "/stream",
      onResume: ({ cursor }) => heard.push(`resume ${cursor}`),
      onEvent: ({ id }) => heard.push(id),
      onStatus: (status) => statuses.push(status),
      onSignedOut,
    },
  );
  connection.open();
  return {
    connection,
    clock,
    sources,
    heard,
    onSignedOut,
    status: () => connection.status(),
    newest: () => sources.at(-1)!,
    setDiagnosis: (next: Diagnosis) => (answer = next),
  };
}

/** Lets the diagnosis of a broken stream arrive. */
const settled = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));

describe("connection", () => {
  it("is live from the first frame on and passes events on in order", () => {
    const { newest, heard, status } = setUp();
    expect(status().phase).toBe("connecting");
    newest().resume("5");
    newest().event(delta(6, "a"));
    newest().event(delta(7, "a"));
    expect(status()).toMatchObject({ phase: "live", reason: null });
    expect(heard).toEqual(["resume 5", "6", "7"]);
  });

  it("tries again with a wait that doubles up to its cap and starts over after success", () => {
    const { newest, clock, sources, status } = setUp();
    newest().resume("5");
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      newest().break();
      waits.push(status().retry_at! - clock.now());
      clock.advance(waits.at(-1)!);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    expect(sources).toHaveLength(9);
    newest().resume("5");
    newest().break();
    expect(status().retry_at! - clock.now()).toBe(500);
  });

  it("takes 45 s of silence for a break, and any frame for life", () => {
    const { newest, clock, sources, status } = setUp();
    newest().resume("5");
    clock.advance(44_000);
    newest().send("keepalive");
    clock.advance(44_000);
    expect(status().phase).toBe("live");
    clock.advance(1_000);
    expect(status()).toMatchObject({ phase: "reconnecting", reason: "Nothing was heard for 45 seconds." });
    expect(sources[0]!.isClosed).toBe(true);
  });

  it("gives up on a stream that opens without a word", () => {
    const { clock, status } = setUp();
    clock.advance(10_000);
    expect(status().phase).toBe("reconnecting");
  });

  it("survives frames that cannot be read, and counts them", () => {
    const { newest, heard, status } = setUp();
    newest().resume("5");
    newest().send("text_delta", "{broken");
    newest().send("text_delta", "null");
    newest().send("text_delta", { no: "id" });
    newest().event(delta(6, "a"));
    expect(heard).toEqual(["resume 5", "6"]);
    expect(status()).toMatchObject({ phase: "live", unreadable: 3 });
  });

  it("tells an event named error from a break", () => {
    const { newest, heard, status } = setUp();
    newest().resume("5");
    newest().send("error", { ...delta(6, "a"), event_type: "error", data: { message: "no key" } });
    expect(heard).toContain("6");
    expect(status().phase).toBe("live");
  });

  it("says that the server does not answer, and that it does again", async () => {
    const { newest, clock, status, setDiagnosis } = setUp({ kind: "unreachable", reason: "no answer" });
    newest().break();
    await settled();
    expect(status()).toMatchObject({ phase: "offline", reason: "no answer" });
    setDiagnosis({ kind: "answers" });
    clock.advance(500);
    newest().break();
    await settled();
    expect(status()).toMatchObject({ phase: "reconnecting", reason: "The connection was lost." });
  });

  it("stops when nobody is signed in", async () => {
    const { newest, clock, sources, onSignedOut } = setUp({ kind: "signed_out" });
    newest().break();
    await settled();
    clock.advance(60_000);
    expect(onSignedOut).toHaveBeenCalledOnce();
    expect(sources).toHaveLength(1);
  });

  it("tries at once when nudged, unless it is live and well", () => {
    const { connection, newest, clock, sources } = setUp();
    newest().break();
    connection.nudge();
    expect(sources).toHaveLength(2);
    newest().resume("5");
    connection.nudge();
    expect(sources).toHaveLength(2);
    clock.advance(30_000); // a laptop's sleep: no timer ran, but time passed
    connection.nudge();
    expect(sources).toHaveLength(3);
  });

  it("hears nothing from a stream it has replaced", () => {
    const { connection, sources, heard } = setUp();
    sources[0]!.resume("5");
    connection.open();
    sources[0]!.event(delta(6, "a"));
    sources[0]!.break();
    expect(heard).toEqual(["resume 5"]);
    expect(sources).toHaveLength(2);
  });
});
