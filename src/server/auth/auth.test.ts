import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toErrorResponse } from "../errors.ts";
import type { AppEnv } from "../http/env.ts";
import { openStore, type Store } from "../store/open.ts";
import { type Auth, createAuth } from "./auth.ts";
import { authenticate, checkHost, checkOrigin, limitBody, securityHeaders } from "./middleware.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let store: Store;
let auth: Auth;
let app: Hono<AppEnv>;
let time: number;
let seen: { actor: unknown; credential_id: string } | null;

beforeEach(async () => {
  store = await openStore(":memory:");
  time = Date.parse("2026-01-01T00:00:00Z");
  seen = null;
  let number = 0;
  auth = createAuth({
    store,
    now: () => new Date(time),
    newId: () => `id-${(number += 1)}`,
    user_name: "ann",
    given_tokens: { environment: "environment-token-1", "command line": "control-token-1" },
  });
  app = new Hono<AppEnv>();
  app.onError((error) => {
    const { status, body, headers } = toErrorResponse(error, "r1");
    return new Response(JSON.stringify(body), { status, headers });
  });
  app.use(
    securityHeaders(),
    checkHost({ bound: "127.0.0.1", allowed: ["bar.example"] }),
    limitBody(1024 * 1024),
  );
  app.post("/body", async (context) => context.text(String((await context.req.text()).length)));
  app.use("/api/*", checkOrigin());
  app.post("/api/sign-in", async (context) => {
    const { code } = await context.req.json<{ code: string }>();
    const cookie = await auth.signIn(code, context);
    return cookie
      ? new Response(null, { status: 204, headers: { "set-cookie": cookie } })
      : new Response(null, { status: 401 });
  });
  app.use("/api/*", authenticate(auth));
  app.post("/api/sign-out", async (context) => {
    return new Response(null, { status: 204, headers: { "set-cookie": await auth.signOut(context) } });
  });
  app.all("/api/*", (context) => {
    seen = { actor: context.get("actor"), credential_id: context.get("credential_id") };
    return context.text("in");
  });
});
afterEach(() => store.close());

const call = (
  path: string,
  headers: Record<string, string> = {},
  init: RequestInit = {},
  from = "192.0.2.1",
) =>
  app.request(
    `http://localhost:4270${path}`,
    { ...init, headers: { host: "localhost:4270", ...headers } },
    {
      incoming: { socket: { remoteAddress: from } },
    },
  );
const post = (path: string, headers: Record<string, string> = {}, body?: string, from?: string) =>
  call(path, headers, { method: "POST", body }, from);
const page = { "sec-fetch-site": "same-origin" };
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";

const signIn = (code: string, headers: Record<string, string> = page, from?: string) =>
  post("/api/sign-in", headers, JSON.stringify({ code }), from);
async function signedIn(): Promise<{ cookie: string }> {
  const response = await signIn(auth.newCode().code);
  return { cookie: response.headers.get("set-cookie")!.split(";")[0]! };
}

describe("signing in with a link", () => {
  test("gives a cookie that no script reads and no other site sends", async () => {
    const response = await signIn(auth.newCode().code);
    expect(response.status).toBe(204);
    expect(response.headers.get("set-cookie")).toMatch(
      /^sandbar=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  test("over TLS gives a cookie for TLS only", async () => {
    const response = await signIn(auth.newCode().code, { ...page, "x-forwarded-proto": "https" });
    expect(response.headers.get("set-cookie")).toContain("; Secure");
  });

  test("works once, for an hour, and with no other code", async () => {
    const { code, expires_at } = auth.newCode();
    const late = auth.newCode().code;
    expect(expires_at).toBe("2026-01-01T01:00:00.000Z");
    expect((await signIn(code)).status).toBe(204);
    expect((await signIn(code)).status).toBe(401);
    expect((await signIn(`${late}x`)).status).toBe(401);
    time += 60 * MINUTE;
    expect((await signIn(late)).status).toBe(401);
  });

  test("is not possible from another site, or without saying from where", async () => {
    const { code } = auth.newCode();
    const foreign: Record<string, string>[] = [
      { origin: "http://evil.example" },
      { "sec-fetch-site": "cross-site" },
      {},
    ];
    for (const headers of foreign) {
      expect((await signIn(code, headers)).status).toBe(403);
    }
    expect((await signIn(code)).status).toBe(204);
  });

  test("after ten wrong codes from one address has to wait; others need not", async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1) statuses.push((await signIn("wrong")).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    expect((await signIn("wrong")).headers.get("retry-after")).toBe("6");
    expect((await signIn("wrong", page, "192.0.2.2")).status).toBe(401);
    time += 6_000;
    expect((await signIn("wrong")).status).toBe(401);
    expect((await signIn("wrong")).status).toBe(429);
    expect((await signIn(auth.newCode().code)).status).toBe(204);
  });
});

describe("a browser", () => {
  test("is known by its cookie, with the person's name and what it is", async () => {
    const { cookie } = await signedIn();
    expect((await call("/api/x", { cookie, "user-agent": firefox })).status).toBe(200);
    expect(seen).toEqual({ actor: { name: "ann", client: "Firefox on Linux" }, credential_id: "id-1" });
  });

  test("is forgotten after 30 days", async () => {
    const { cookie } = await signedIn();
    time += 30 * DAY - 1;
    expect((await call("/api/x", { cookie })).status).toBe(200);
    time += 2;
    expect((await call("/api/x", { cookie })).status).toBe(401);
    await signedIn();
    expect(await store.db.selectFrom("sign_ins").select("id").execute()).toEqual([{ id: "id-2" }]);
  });

  test("that signs out is forgotten, and its streams end", async () => {
    const { cookie } = await signedIn();
    const other = await signedIn();
    const ends = [auth.endOf("id-1"), auth.endOf("id-2")];
    const response = await post("/api/sign-out", { cookie, ...page });
    expect(response.headers.get("set-cookie")).toContain("sandbar=; Max-Age=0");
    expect(ends.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect((await call("/api/x", { cookie })).status).toBe(401);
    expect((await call("/api/x", other)).status).toBe(200);
  });

  test("with an old cookie is told to sign in, however often it asks", async () => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect((await call("/api/x", { cookie: "sandbar=old" })).status).toBe(401);
    }
  });

  test("acts for its own page only", async () => {
    const { cookie } = await signedIn();
    expect((await post("/api/x", { cookie, "sec-fetch-site": "same-site" })).status).toBe(403);
    expect((await post("/api/x", { cookie, origin: "http://localhost:3000" })).status).toBe(403);
    expect((await post("/api/x", { cookie, origin: "http://localhost:4270" })).status).toBe(200);
    expect((await call("/api/x/stream", { cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await call("/api/x/stream", { cookie, "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await call("/api/x", { cookie, "sec-fetch-site": "cross-site" })).status).toBe(200);
  });
});

describe("an access token", () => {
  test.each([
    ["Authorization", (token: string) => ({ authorization: `Bearer ${token}` })],
    ["X-API-Key", (token: string) => ({ "x-api-key": token })],
  ])("opens the API through %s, from no page at all", async (_name, headers) => {
    const { id, token } = await auth.createToken("ci");
    expect(token).toMatch(/^sbr_[\w-]{43}$/);
    expect((await post("/api/x", { ...headers(token), "user-agent": "curl/8.5.0" })).status).toBe(200);
    expect(seen).toEqual({ actor: { name: "ci", client: "curl" }, credential_id: id });
  });

  test("is stored and listed without its value", async () => {
    const { token, ...shown } = await auth.createToken("ci");
    expect(shown).toMatchObject({ name: "ci", prefix: token.slice(0, 8), last_used_at: null });
    expect(await auth.listTokens()).toEqual([shown]);
    expect(JSON.stringify(await store.db.selectFrom("tokens").selectAll().execute())).not.toContain(
      token.slice(8),
    );
  });

  test("that is revoked ends at once, with its streams", async () => {
    const { id, token } = await auth.createToken("ci");
    const end = auth.endOf(id);
    expect(await auth.revokeToken(id)).toBe(true);
    expect(end.aborted).toBe(true);
    expect((await call("/api/x", { authorization: `Bearer ${token}` })).status).toBe(401);
    expect(await auth.listTokens()).toEqual([]);
    expect(await auth.revokeToken(id)).toBe(false);
  });

  test("remembers when it was used, to the minute", async () => {
    const { token } = await auth.createToken("ci");
    const lastUsed = async () => {
      await call("/api/x", { authorization: `Bearer ${token}` });
      return (await auth.listTokens())[0]?.last_used_at;
    };
    expect(await lastUsed()).toBe("2026-01-01T00:00:00.000Z");
    time += MINUTE - 1;
    expect(await lastUsed()).toBe("2026-01-01T00:00:00.000Z");
    time += 1;
    expect(await lastUsed()).toBe("2026-01-01T00:01:00.000Z");
  });

  test.each([
    ["environment-token-1", "environment"],
    ["control-token-1", "command line"],
  ])("given at start is known by its name: %s", async (token, name) => {
    expect((await call("/api/x", { authorization: `Bearer ${token}` })).status).toBe(200);
    expect(seen?.actor).toMatchObject({ name });
  });

  test("that is wrong is refused and counted, and a right one still passes", async () => {
    const wrong = { authorization: "Bearer sbr_wrong" };
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await call("/api/x", wrong)).status).toBe(401);
    const refused = await call("/api/x", wrong);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ error: { code: "rate_limited" } });
    expect((await call("/api/x", { authorization: "Bearer environment-token-1" })).status).toBe(200);
  });

  test("does not fall back to a cookie", async () => {
    const { cookie } = await signedIn();
    expect((await call("/api/x", { cookie, authorization: "Bearer wrong" })).status).toBe(401);
  });
});

test("a stranger is told how to get in", async () => {
  const response = await call("/api/x");
  expect(response.status).toBe(401);
  expect(response.headers.get("www-authenticate")).toBe("Bearer");
  expect(await response.json()).toMatchObject({
    error: { code: "unauthorized", message: expect.stringContaining("link") },
  });
});

test("a name that is not the server's is refused before anything else", async () => {
  const response = await call("/api/x", {
    host: "evil.example",
    authorization: "Bearer environment-token-1",
  });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({
    error: { code: "host_forbidden", message: expect.stringContaining("--allow-host") },
  });
});

describe("a body over the limit", () => {
  const limit = 1024 * 1024;
  const send = (size: number, inPieces: boolean) => {
    const text = "x".repeat(size);
    return inPieces
      ? call("/body", {}, { method: "POST", body: new Blob([text]).stream(), duplex: "half" })
      : call("/body", { "content-length": String(size) }, { method: "POST", body: text });
  };

  test.each([
    ["with its length", false],
    ["in pieces", true],
  ])("is refused when it is sent %s", async (_name, inPieces) => {
    expect((await send(limit, inPieces)).status).toBe(200);
    const response = await send(limit + 1, inPieces);
    expect(response.status).toBe(413);
    const error = { code: "body_too_large", message: expect.stringContaining("1 MB") };
    expect(await response.json()).toMatchObject({ error });
  });
});

test.each(["/api/x", "/nothing"])("every answer of %s says what the page may do", async (path) => {
  const { headers } = await call(path);
  const policy = headers.get("content-security-policy");
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(/script-src [^;]*unsafe/.test(policy ?? "")).toBe(false);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
});
