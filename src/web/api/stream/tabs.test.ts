import { describe, expect, it, vi } from "vitest";
import { settled } from "./fake-stream.ts";
import type { TabMessage } from "./messages.ts";
import { type Locks, openBus, standForLeader, whenTabGone } from "./tabs.ts";

type Holder = { name: string; free: () => void; lose: (reason: unknown) => void };

/** Web Locks as far as they are used: a queue per name, `signal` and `steal`. */
function fakeLocks(): NonNullable<Locks> {
  const held = new Map<string, Holder>();
  const queues = new Map<string, (() => void)[]>();
  const request = (
    name: string,
    ...rest: [LockGrantedCallback<unknown>] | [LockOptions, LockGrantedCallback<unknown>]
  ) => {
    const [options, callback] = rest.length === 1 ? [{}, rest[0]] : rest;
    return new Promise((resolve, reject) => {
      const grant = () => {
        const holder: Holder = {
          name,
          lose: reject,
          free: () => {
            if (held.get(name) !== holder) return;
            held.delete(name);
            queues.get(name)?.shift()?.();
          },
        };
        held.set(name, holder);
        void Promise.resolve(callback({ name, mode: "exclusive" })).then((result) => {
          holder.free();
          resolve(result);
        });
      };
      const abortError = () => new DOMException("gone", "AbortError");
      if (options.steal) {
        held.get(name)?.lose(abortError());
        return grant();
      }
      if (!held.has(name)) return grant();
      queues.set(name, [...(queues.get(name) ?? []), grant]);
      options.signal?.addEventListener("abort", () => {
        queues.set(
          name,
          (queues.get(name) ?? []).filter((waiting) => waiting !== grant),
        );
        reject(abortError());
      });
    });
  };
  return { request: request };
}

function candidate(locks: Locks) {
  const stepDown = vi.fn();
  const lead = vi.fn(() => stepDown);
  return { ...standForLeader(locks, lead), lead, stepDown };
}

describe("standForLeader", () => {
  it("lets one tab lead and the next one follow it", async () => {
    const locks = fakeLocks();
    const [first, second] = [candidate(locks), candidate(locks)];
    await settled();
    expect([first.lead.mock.calls.length, second.lead.mock.calls.length]).toEqual([1, 0]);
    first.stop();
    await settled();
    expect(first.stepDown).toHaveBeenCalledOnce();
    expect(second.lead).toHaveBeenCalledOnce();
  });

  it("replaces a mute leader, which then waits behind its successor", async () => {
    const locks = fakeLocks();
    const [mute, next] = [candidate(locks), candidate(locks)];
    await settled();
    next.steal();
    await settled();
    expect(mute.stepDown).toHaveBeenCalledOnce();
    expect(next.lead).toHaveBeenCalledOnce();
    next.stop();
    await settled();
    expect(mute.lead).toHaveBeenCalledTimes(2);
  });

  it("does not lead after it was told to stop while it waited", async () => {
    const locks = fakeLocks();
    const [first, second] = [candidate(locks), candidate(locks)];
    await settled();
    second.stop();
    first.stop();
    await settled();
    expect(second.lead).not.toHaveBeenCalled();
  });

  it("leads alone where there are no locks", async () => {
    const alone = candidate(undefined);
    await settled();
    expect(alone.lead).toHaveBeenCalledOnce();
    alone.stop();
    await settled();
    expect(alone.stepDown).toHaveBeenCalledOnce();
  });
});

it("tells when a tab is gone", async () => {
  const locks = fakeLocks();
  let close = () => {};
  void locks.request("sandbar.stream.tab.a", () => new Promise<void>((resolve) => (close = resolve)));
  const gone = vi.fn();
  whenTabGone(locks, "a", gone);
  await settled();
  expect(gone).not.toHaveBeenCalled();
  close();
  await settled();
  expect(gone).toHaveBeenCalledOnce();
});

describe("openBus", () => {
  const heardBy = async (locks: Locks) => {
    const [one, other] = [openBus(locks), openBus(locks)];
    const heard: TabMessage[] = [];
    other.subscribe((message) => heard.push(message));
    const nudge = new Promise((resolve) => one.subscribe(resolve));
    one.post({ type: "nudge" });
    await nudge;
    await settled();
    await settled();
    one.close();
    other.close();
    return heard;
  };

  it("reaches the other tabs", async () => {
    await vi.waitFor(async () => expect(await heardBy(fakeLocks())).toEqual([{ type: "nudge" }]));
  });

  it("is a tab's own where every tab leads itself", async () => {
    expect(await heardBy(undefined)).toEqual([]);
  });
});
