import { describe, expect, test } from "vitest";
import { createProbe } from "./probe.ts";

type Answers = Record<string, () => Response>;
const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });
const refused = json({ error: { code: "unauthorized", message: "no" } }, 401);

/** Probes a server that answers these paths, and 404 everywhere else. */
function probe(answers: Answers, token: string | null = "t") {
  return createProbe(async (url) => {
    const found = answers[new URL(url).pathname];
    return found ? found() : Response.json({}, { status: 404 });
  })("http://box.example", token);
}

describe("probing an address", () => {
  test.each<[string, Answers]>([
    ["sandbox_agent", { "/v1/acp": json({ servers: [] }) }],
    ["sandbox_agent_rest", { "/v1/sessions": json({ sessions: [] }) }],
    ["sessions_api", { "/api/v1/sandboxes": json([]) }],
    ["amika", { "/api/v0beta1/sandboxes": json([]) }],
  ])("finds %s by what only it answers", async (kind, answers) => {
    expect(await probe(answers)).toMatchObject({ ok: true, kind, failure: null });
  });

  test.each([
    ["/opencode/global/health", { "/v1/acp": json({ servers: [] }) }],
    ["/api/v1/me", { "/api/v1/sandboxes": json([]) }],
  ])("tells the version from %s, and does without", async (path, answers) => {
    expect(await probe({ ...answers, [path]: json({ version: "0.4.2" }) })).toMatchObject({
      version: "0.4.2",
    });
    expect(await probe(answers)).toMatchObject({ ok: true, version: null });
  });

  test("takes another Sandbar by the API that carries most", async () => {
    const sandbar = {
      "/api/v1/sandboxes": json([]),
      "/api/v0beta1/sandboxes": json([]),
      "/v1/sessions": json({ sessions: [] }),
    };
    expect((await probe(sandbar)).kind).toBe("sessions_api");
  });

  test("knows the kind of a server that refuses the token, and says so", async () => {
    const found = await probe({ "/v1/acp": refused }, null);
    expect(found).toMatchObject({ ok: false, kind: "sandbox_agent", failure: "unauthorized" });
    expect(found.message).toContain("without a token");
  });

  test("names a stranger a stranger, whatever it answers", async () => {
    const page = () => new Response("<html>hello</html>", { headers: { "content-type": "text/html" } });
    const found = await probe({ "/v1/acp": page, "/api/v1/sandboxes": json({ not: "a list" }) });
    expect(found).toMatchObject({ ok: false, kind: null, failure: "unknown" });
    expect(found.attempts).toHaveLength(4);
  });

  test("gives up at once where nobody listens", async () => {
    const found = await createProbe(() => Promise.reject(new TypeError("fetch failed")))(
      "http://box.example",
      null,
    );
    expect(found).toMatchObject({ ok: false, failure: "unreachable" });
    expect(found.attempts).toHaveLength(1);
  });
});
