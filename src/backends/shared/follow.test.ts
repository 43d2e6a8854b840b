import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BackendError } from "#src/backends/backend-error.ts";
import { chances, mostWithin } from "#src/testing/spread.ts";
import { keepReading, type KeptStream, type Reading, withPatience } from "./follow.ts";
import { defaultBackoff } from "./retry.ts";

const SESSIONS = 50;
const gone = new BackendError("unreachable", "The network is cut.");

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("50 sessions of one backend after a cut", () => {
  let down: boolean;
  /** When each try was made, in ms since the cut. */
  let tries: number[];
  let aborts: AbortController[];
  let streams: KeptStream[];
  let cuts: (() => void)[];

  beforeEach(() => {
    down = false;
    tries = [];
    cuts = [];
    aborts = Array.from({ length: SESSIONS }, () => new AbortController());
    vi.setSystemTime(0);
    const random = chances();
    const read = ({ onActivity, signal }: Reading): Promise<void> => {
      tries.push(Date.now());
      if (down) return Promise.reject(gone);
      onActivity();
      return new Promise((_, reject) => {
        cuts.push(() => reject(gone));
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    };
    const timing = { max_attempts: 12, backoff: defaultBackoff };
    streams = aborts.map(({ signal }) => keepReading({ read, isFinal: () => false, random, timing, signal }));
    for (const { lost } of streams) lost.catch(() => undefined);
    tries = [];
  });
  const close = (): void => aborts.forEach((abort) => abort.abort(new Error("closed")));
  afterEach(close);

  const cut = (): void => cuts.splice(0).forEach((run) => run());

  test("come back spread over time, none at once", async () => {
    cut();
    await vi.advanceTimersByTimeAsync(defaultBackoff.base_ms);
    expect(tries).toHaveLength(SESSIONS);
    expect(Math.min(...tries)).toBeGreaterThan(0);
    expect(mostWithin(tries, 25)).toBeLessThan(SESSIONS / 4);
  });

  test("ask ever more rarely while the backend is down, and still not together", async () => {
    down = true;
    cut();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tries.length / SESSIONS).toBeLessThan(12);
    const late = tries.filter((at) => at > 30_000);
    expect(late.length).toBeGreaterThan(SESSIONS);
    expect(mostWithin(late, 1_000)).toBeLessThan(SESSIONS / 2);
  });

  test("find it again within the longest pause", async () => {
    down = true;
    cut();
    await vi.advanceTimersByTimeAsync(60_000);
    down = false;
    await vi.advanceTimersByTimeAsync(defaultBackoff.max_ms);
    expect(cuts).toHaveLength(SESSIONS);
  });

  test("give up after a number of tries, with what went wrong", async () => {
    down = true;
    cut();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(tries).toHaveLength(SESSIONS * 12);
    await expect(streams[0]?.lost).rejects.toBe(gone);
  });

  test("whoever stops following asks no more", async () => {
    down = true;
    cut();
    await vi.advanceTimersByTimeAsync(1_000);
    close();
    const asked = tries.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tries).toHaveLength(asked);
    await expect(streams[0]?.lost).rejects.toThrow("closed");
  });

  test("one that is reopened on purpose waits for nothing", async () => {
    streams[0]?.reopen();
    await vi.advanceTimersByTimeAsync(0);
    expect(tries).toEqual([0]);
  });
});

test("what is final is not tried again", async () => {
  const refused = new BackendError("unauthorized", "No.");
  const read = vi.fn(() => Promise.reject(refused));
  const { lost } = keepReading({
    read,
    isFinal: (error) => error === refused,
    random: () => 0,
    timing: { max_attempts: 12, backoff: defaultBackoff },
    signal: new AbortController().signal,
  });
  await expect(lost).rejects.toBe(refused);
  expect(read).toHaveBeenCalledTimes(1);
});

describe("a call that is answered with 429", () => {
  const limited = (retry_after_ms: number | null) =>
    new BackendError("rate_limited", "Slow down.", { details: { retry_after_ms } });
  const { signal } = new AbortController();

  test("is made again after the pause that was asked for", async () => {
    const call = vi.fn(() => Promise.resolve("done"));
    call.mockRejectedValueOnce(limited(2_000));
    const made = withPatience(call, { random: () => 0, signal });
    await vi.advanceTimersByTimeAsync(1_999);
    expect(call).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(defaultBackoff.base_ms);
    await expect(made).resolves.toBe("done");
  });

  test.each([
    ["too often", null, 3],
    ["with a pause of more than a minute", 61_000, 1],
  ])("%s fails", async (_, retry_after_ms, count) => {
    const error = limited(retry_after_ms);
    const call = vi.fn(() => Promise.reject(error));
    const made = withPatience(call, { random: () => 0, signal });
    const told = expect(made).rejects.toBe(error);
    await vi.advanceTimersByTimeAsync(10_000);
    await told;
    expect(call).toHaveBeenCalledTimes(count);
  });
});
