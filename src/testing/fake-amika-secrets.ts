import type { FakeAnswer, FakeCall } from "./fake-server.ts";

export type Row = Record<string, unknown> & { id: string; name: string };

export const AT = "2026-07-17T10:00:00.000Z";

/** The envelope of every error (spec 2). */
export function refuse(answer: FakeAnswer, status: number, error_code: string, message: string): void {
  answer.json(status, { type: "error", error_code, message });
}

export function bodyOf({ body }: FakeCall): Record<string, unknown> {
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
}

/** The fake Amika's secrets and its credentials for claude and codex (spec 1.6, 1.7). */
export function createFakeSecrets(newId: (kind: string) => string) {
  const rows = new Map<string, Row>();

  function route([first, second]: string[], call: FakeCall, answer: FakeAnswer): void {
    const provider = first === "claude" || first === "codex" ? first : null;
    const id = provider ? second : first;
    const body = bodyOf(call);
    const shown = [...rows.values()].filter((secret) => secret.provider === provider);
    if (id === undefined && call.method === "GET") return answer.json(200, shown.map(withoutValue));
    if (id === undefined) {
      if (provider && shown.some(({ name }) => name === body.name))
        return refuse(answer, 409, "conflict", `There is a ${provider} credential of this name.`);
      const row = { ...empty, ...body, id: newId("sec"), name: String(body.name), provider };
      rows.set(row.id, row);
      return answer.json(201, withoutValue(row));
    }
    const row = rows.get(id);
    if (!row) return refuse(answer, 404, "not_found", "Secret not found");
    if (call.method === "DELETE") {
      rows.delete(id);
      return answer.empty(204);
    }
    Object.assign(row, body);
    answer.json(200, withoutValue(row));
  }

  return { rows, route };
}

function withoutValue(secret: Row): Record<string, unknown> {
  return Object.fromEntries(Object.entries(secret).filter(([field]) => field !== "value"));
}

const empty = {
  org_id: "org_1",
  user_id: "usr_1",
  description: null,
  scope: "user",
  created_at: AT,
  updated_at: AT,
};
