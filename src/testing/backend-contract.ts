import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Backend, OpenSession } from "#src/backends/backend.ts";
import type { Capabilities } from "#src/domain/backend.ts";
import { SandboxSpec } from "#src/domain/sandbox.ts";
import {
  answerAll,
  type ContractHarness,
  ended,
  openIn,
  requestIds,
  say,
  signal,
  textOf,
  turn,
  turnIn,
} from "./conformance-bench.ts";
import type { Recorded } from "./link-recorder.ts";

/**
 * The port's contract: what every adapter does, and how it refuses what its capabilities rule out. It asks them as a
 * screen does, so that nothing is left out for an adapter that lacks something.
 */
export function describeContract(name: string, makeHarness: () => Promise<ContractHarness>): void {
  describe(`${name}: the backend port`, () => {
    let harness: ContractHarness;
    let backend: Backend;
    let sessions: Capabilities["sessions"];

    beforeEach(async () => {
      harness = await makeHarness();
      backend = harness.backend;
      expect(await backend.check(signal())).toMatchObject({ state: "online" });
      sessions = backend.capabilities.sessions;
    });
    afterEach(() => harness.close());

    const open = (request?: Partial<OpenSession>): Promise<Recorded> => openIn(harness, request);

    test("a prompt's answer arrives, and its turn ends exactly once", async () => {
      const recorded = await turnIn(harness, harness.words.echo("first words"));
      const { recorder } = recorded;
      expect(textOf(recorder)).toContain("first words");
      await turn(recorded, harness.words.echo("second words"));
      expect(textOf(recorder)).toContain("second words");
      expect(recorder.terminals()).toHaveLength(2);
      expect(recorder.terminals()[0]).toMatchObject({ data: { session_id: "", turn_id: null } });
    });

    test("the prompt that Sandbar sent is not reported back", async () => {
      const { recorder } = await turnIn(harness, harness.words.echo("mine"));
      expect(recorder.of("user_message")).toEqual([]);
      expect(recorder.of("turn_started")).toEqual([]);
    });

    test("sessions are listed with their agent, or none is", async () => {
      const { link } = await turnIn(harness, harness.words.echo("listed"));
      const listed = await backend.listSessions(harness.sandbox_ref, signal());
      if (!sessions.discover) return expect(listed).toEqual([]);
      expect(listed).toContainEqual(expect.objectContaining({ ref: link.ref, agent: harness.agent }));
    });

    test.each(["permission", "question"] as const)(
      "a %s waits, and the reply reaches the upstream; or there is none to answer",
      async (kind) => {
        const recorded = await open();
        const { link, recorder } = recorded;
        if (!sessions[`${kind}s`]) {
          const answer = { reply: "once", option_id: null, message: null } as const;
          const reply =
            kind === "permission" ? link.replyPermission("1", answer) : link.replyQuestion("1", [["Red"]]);
          return expect(reply).rejects.toMatchObject(unsupported);
        }
        await link.prompt(say(wordOf(kind)));
        const answered = await answerAll(recorded);
        expect(answered.length).toBeGreaterThan(0);
        expect(new Set(answered).size).toBe(answered.length);
        expect(recorder.exchanges.filter(harness.isReply)).toHaveLength(answered.length);
        expect(recorder.terminals()).toHaveLength(1);
      },
    );

    test("a request id is never used twice, and its second answer is refused", async () => {
      if (!sessions.permissions) return expect(harness.words.permission).toBeUndefined();
      const recorded = await open();
      const { link, recorder } = recorded;
      await link.prompt(say(wordOf("permission")));
      const [first] = await answerAll(recorded);
      const again = link.replyPermission(first ?? "", { reply: "once", option_id: null, message: null });
      await expect(again).rejects.toMatchObject({ code: "already_resolved" });
      const asked = requestIds(recorder).length;
      await link.prompt(say(wordOf("permission")));
      await recorder.until(() => requestIds(recorder).length > asked);
      expect(new Set(requestIds(recorder)).size).toBe(requestIds(recorder).length);
    });

    test("a turn can be interrupted, or the adapter says why not", async () => {
      const { link, recorder } = await open();
      await link.prompt(say(harness.words.endless));
      if (!sessions.interrupt) return expect(link.interrupt()).rejects.toMatchObject(unsupported);
      await link.interrupt();
      await recorder.until(ended(1));
      expect(recorder.terminals()).toEqual([
        expect.objectContaining({ data: expect.objectContaining({ stop_reason: "cancelled" }) }),
      ]);
    });

    test("an option can be changed, or the adapter says why not", async () => {
      const { link } = await open();
      const [option] = link.options;
      if (!option) return expect(link.setOption("model", "other")).rejects.toMatchObject(unsupported);
      const value = option.choices.at(-1)?.value ?? option.value;
      const changed = await link.setOption(option.id, value).catch((error: unknown) => error);
      if (Array.isArray(changed))
        expect(changed).toContainEqual(expect.objectContaining({ id: option.id, value }));
      else expect(changed).toMatchObject(unsupported);
    });

    test("an attachment is taken, or the adapter says why not", async () => {
      const { link, recorder } = await open();
      const image = { type: "image", media_type: "image/png", data: "iVBORw0KGgo=" } as const;
      const sent = link.prompt([...say(harness.words.echo("look")), image]);
      if (!sessions.attachments.includes("image")) return expect(sent).rejects.toMatchObject(unsupported);
      await sent;
      await recorder.until(ended(1));
      expect(recorder.of("session_failed")).toEqual([]);
    });

    test("what the capabilities rule out is refused, with words for people", async () => {
      const { capabilities } = backend;
      for (const [capability, call] of ruledOut(backend, harness.sandbox_ref)) {
        const [group, item] = capability.split(".") as [keyof Capabilities, string];
        if ((capabilities[group] as Record<string, unknown>)[item] !== false) continue;
        const refused = await call()?.then(
          () => "done",
          (error: unknown) => error,
        );
        // What is no part of the adapter at all cannot be called.
        if (refused !== undefined) expect(refused, capability).toMatchObject(unsupported);
      }
    });

    test("resuming from a cursor repeats nothing and goes on", async () => {
      const { link, recorder } = await turnIn(harness, harness.words.echo("before"));
      const { cursor } = recorder;
      expect(cursor).not.toBeNull();
      await link.close("detach");
      const again = await open({ resume: { ref: link.ref, cursor } });
      await turn(again, harness.words.echo("after"));
      expect(textOf(again.recorder)).toContain("after");
      expect(textOf(again.recorder)).not.toContain("before");
      expect(again.recorder.terminals()).toHaveLength(1);
    });

    test("a session that another client made is told from its start", async () => {
      const { link } = await turnIn(harness, harness.words.echo("history"));
      await link.close("detach");
      const found = await open({ resume: { ref: link.ref, cursor: null }, history: "replay" });
      await found.recorder.until(ended(1));
      expect(found.recorder.of("user_message")).toHaveLength(1);
      expect(textOf(found.recorder)).toContain("history");
    });

    test("resuming what the upstream does not know says so", async () => {
      const resume = { ref: "00000000-0000-4000-8000-000000000000", cursor: "5" };
      await expect(open({ resume })).rejects.toMatchObject({
        code: "not_found",
        message: expect.stringMatching(/session/),
      });
    });

    test("a link that was closed takes no prompt and tells nothing more", async () => {
      const { link, recorder } = await turnIn(harness, harness.words.echo("the last"));
      await link.close("detach");
      const told = recorder.events.length;
      await expect(link.prompt(say(harness.words.echo("too late")))).rejects.toMatchObject({
        code: "invalid_state",
      });
      await turnIn(harness, harness.words.echo("another session"));
      expect(recorder.events).toHaveLength(told);
      expect(recorder.closed()).toBeNull();
    });

    test("a session can be ended for good", async () => {
      const { link, recorder } = await turnIn(harness, harness.words.echo("done"));
      await link.close("end");
      expect(recorder.terminals()).toHaveLength(1);
      expect(recorder.closed()).toBeNull();
    });

    function wordOf(kind: "permission" | "question"): string {
      const word = harness.words[kind];
      if (word === undefined) throw new Error(`the harness has no prompt for a ${kind}`);
      return word;
    }
  });
}

/** An answer that a person can act on. */
const unsupported = { code: "unsupported", message: expect.stringMatching(/\w+ \w+ \w+/) };

type Call = () => Promise<unknown> | undefined;

/** The methods of the port, each with the capability that rules it out. */
function ruledOut(backend: Backend, ref: string): [capability: string, call: Call][] {
  const spec = SandboxSpec.parse({});
  const context = { sandbox_id: "1", name: "one", secret_values: {}, emit: () => {}, signal: signal() };
  const secret = { name: "KEY", value: "1", description: null, scope: "user" } as const;
  const control = (["start", "stop", "pause", "delete"] as const).map((action): [string, Call] => [
    `sandboxes.${action}`,
    () => backend.controlSandbox(ref, action, signal()),
  ]);
  const views = (["logs", "stats", "services", "lifecycle_events"] as const).map((what): [string, Call] => [
    `sandboxes.${what}`,
    () => backend.inspect?.(ref, what, signal()),
  ]);
  return [
    ...control,
    ...views,
    ["sandboxes.create", () => backend.createSandbox(spec, context)],
    ["sandboxes.ssh", () => backend.ssh?.grant(ref, signal())],
    ["sandboxes.exec", () => backend.exec?.(ref, { command: ["true"] }, signal())],
    ["sandboxes.files", () => backend.files?.list(ref, ".", signal())],
    ["sandboxes.arrange_files", () => backend.files?.makeFolder?.(ref, "folder", signal())],
    ["agents.install", () => backend.installAgent(ref, "mock", signal())],
    ["secrets.list", () => backend.secrets?.list(signal())],
    ["secrets.create", () => backend.secrets?.create(secret, signal())],
    ["secrets.update", () => backend.secrets?.update("1", { value: "2" }, signal())],
    ["secrets.delete", () => backend.secrets?.remove("1", signal())],
  ];
}
