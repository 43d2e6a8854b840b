import type { Page } from "@playwright/test";
import { expect, makeSession, send, signIn } from "./fixtures.ts";
import type { TestServer } from "./server.ts";

export type Row = {
  kind: string;
  text?: string;
  stop_reason?: string;
  tool?: { title: string; status: string; output: string };
};
export type Sandbox = { id: string; name: string; state: string; backend_id: string; directory: string };
type Kind = "sessions_api" | "amika" | "sandbox_agent_rest";

/** What is done with one Sandbar that is the backend of another. */
export function twoServers(near: TestServer, far: TestServer) {
  const rowsOf = async (session_id: string) =>
    (await near.api<{ rows: Row[] }>("GET", `/sessions/${session_id}/transcript?limit=500`)).rows;

  const sandbox = (id: string) => near.api<Sandbox>("GET", `/sandboxes/${id}`);

  /** So many turns are over, as the near server knows it. */
  const ended = (session_id: string, count: number) =>
    expect
      .poll(async () => (await rowsOf(session_id)).filter(({ kind }) => kind === "turn_end").length)
      .toBe(count);

  const texts = async (session_id: string) => (await rowsOf(session_id)).map(({ text }) => text);

  /** Answers what a session waits for next, on the one server or the other. */
  async function answerNext(server: TestServer, session_id: string, answer: string): Promise<void> {
    const pending = async () =>
      (await server.api<{ items: { id: string; kind: string }[] }>("GET", `/requests?session=${session_id}`))
        .items;
    await expect.poll(async () => (await pending()).length).toBeGreaterThan(0);
    const [request] = await pending();
    if (!request) throw new Error("the request is gone");
    const at = `/sessions/${session_id}`;
    if (request.kind === "permission") {
      await server.api("POST", `${at}/permissions/${request.id}/respond`, { reply: answer });
    } else {
      await server.api("POST", `${at}/user-input/${request.id}/respond`, { answers: [[answer]] });
    }
  }

  return {
    sandbox,
    ended,
    texts,
    answerNext,

    /** Makes the far server a backend of the near one, by one of its APIs. */
    async connect(kind: Kind, url = far.url): Promise<string> {
      const wanted = { url, token: far.token, kind, name: "far" };
      type Connected = { id: string; kind: string; state: string };
      const backend = await near.api<Connected>("POST", "/backends", wanted);
      expect([backend.kind, backend.state]).toEqual([kind, "online"]);
      return backend.id;
    },

    /** Makes a sandbox of the far server through the near one. */
    async makeThere(backend_id: string, spec: Record<string, unknown> = {}): Promise<string> {
      const wanted = { name: "over-there", backend_id, ...spec };
      const { id } = await near.api<{ id: string }>("POST", "/sandboxes", wanted);
      await expect.poll(async () => (await sandbox(id)).state).toBe("running");
      expect((await far.api<Sandbox[]>("GET", "/sandboxes")).map(({ name }) => name)).toEqual(["over-there"]);
      return id;
    },

    /**
     * A prompt, a permission, a tool, questions and a stopped turn, over an API that carries them all; the page shows
     * what came of it. Gives the near session's id.
     */
    async workThere(page: Page, sandbox_id: string, body: Record<string, unknown> = {}): Promise<string> {
      const { id } = await makeSession(near, sandbox_id, body);
      await send(near, id, "echo across two servers");
      await ended(id, 1);
      expect(await texts(id)).toContain("across two servers");

      await send(near, id, "run echo from-far-away");
      await answerNext(near, id, "once");
      await ended(id, 2);
      const tool = (await rowsOf(id)).findLast(({ kind }) => kind === "tool")?.tool;
      expect([tool?.status, tool?.output.trim()]).toEqual(["completed", "from-far-away"]);

      await send(near, id, "question");
      await answerNext(near, id, "Red");
      await answerNext(near, id, "Yes");
      await ended(id, 3);
      await send(near, id, "sleep 60");
      await near.api("POST", `/sessions/${id}/interrupt`);
      await ended(id, 4);
      const end = (await rowsOf(id)).findLast(({ kind }) => kind === "turn_end");
      expect(end?.stop_reason).toBe("cancelled");
      await showsOnPage(page, id, "from-far-away");
      return id;
    },

    /** A sandbox is stopped and started again, and both servers say so. */
    async stopAndStart(sandbox_id: string): Promise<void> {
      for (const [action, state] of [
        ["stop", "stopped"],
        ["start", "running"],
      ] as const) {
        await near.api("POST", `/sandboxes/${sandbox_id}/${action}`);
        expect((await sandbox(sandbox_id)).state).toBe(state);
        expect((await far.api<Sandbox[]>("GET", "/sandboxes")).map((there) => there.state)).toEqual([state]);
      }
    },

    /** A sandbox is deleted, and so it is there. */
    async deleteThere(sandbox_id: string): Promise<void> {
      await near.api("DELETE", `/sandboxes/${sandbox_id}`);
      expect(await far.api<Sandbox[]>("GET", "/sandboxes")).toEqual([]);
    },

    showsOnPage,
  };

  async function showsOnPage(page: Page, session_id: string, text: string): Promise<void> {
    await signIn(page, near);
    await page.goto(`${near.url}/sessions/${session_id}`);
    await expect(page.getByRole("log").getByText(text).last()).toBeVisible();
  }
}
