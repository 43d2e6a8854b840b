import { expect, test } from "vitest";
import { LinkRecorder } from "#src/testing/link-recorder.ts";
import { playedServer, session } from "#src/testing/played-acp.ts";
import { createAgentServerClient } from "./client.ts";

const played = playedServer();
const { signal } = new AbortController();

/** Plays the process that is started to list, and gives what came of it. */
async function list(client: typeof played.client, fresh: boolean, sessionId: string): Promise<string[]> {
  const making = played.server.nextInstance();
  const listing = client.listSessions(signal, fresh);
  const agent = await making;
  const sessions = [{ sessionId, title: "New session - 2026-01-01T00:00:00.000Z" }];
  agent.answer(await agent.request("session/list"), { result: { sessions } });
  expect(
    (await listing).map(({ title }) => title),
    "a placeholder is no title",
  ).toEqual([null]);
  return (await listing).map(({ ref }) => ref);
}

test("a list stands until it is old, another client comes, or somebody asks", async () => {
  played.server.capabilities = { sessionCapabilities: { list: {} } };
  let time = 0;
  const client = createAgentServerClient({ url: played.server.url, token: "t", now: () => time });
  const making = played.server.nextInstance();
  const opening = client.openSession(played.requestOf(new LinkRecorder()));
  const own = await making;
  own.answer(await own.request("session/new"), { result: session });
  await opening;

  expect(await list(client, false, "first")).toEqual(["first"]);
  const { length } = played.server.deleted;
  expect((await client.listSessions(signal, false)).map(({ ref }) => ref)).toEqual(["first"]);
  expect(played.server.deleted, "no process was started for it").toHaveLength(length);
  expect(await list(client, true, "asked")).toEqual(["asked"]);

  const other = createAgentServerClient({ url: played.server.url, token: "t" });
  const theirs = played.server.nextInstance();
  const joining = other.openSession(played.requestOf(new LinkRecorder()));
  const stranger = await theirs;
  stranger.answer(await stranger.request("session/new"), { result: { sessionId: "s2" } });
  await joining;
  expect(await list(client, false, "came")).toEqual(["came"]);

  time += 10 * 60_000;
  expect(await list(client, false, "old")).toEqual(["old"]);
  await client.close();
  await other.close();
});
