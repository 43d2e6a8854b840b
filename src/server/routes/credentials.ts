import type { Secret } from "#src/domain/secret.ts";
import { ApiError } from "../errors.ts";
import { handlers, reply } from "../http/mount.ts";
import { type CredentialKind, describeKind, kindOf, variablesOf } from "../secrets/credential-type.ts";
import { listSecrets } from "../store/secrets.ts";
import type { Services } from "./services.ts";

/** The vault's secrets under the Sessions API's name (its spec, section 5). */
export function credentialHandlers({ secrets, store }: Services) {
  const kept = (): Promise<Secret[]> => listSecrets(store.db, { backend_id: null });

  async function read(id: string): Promise<Secret> {
    const secret = (await kept()).find((known) => known.id === id);
    if (secret) return secret;
    throw new ApiError(404, "credential_not_found", "There is no such credential.");
  }

  return handlers({
    "GET /credentials": async () => reply("GET /credentials", 200, (await kept()).map(credentialOf)),
    "POST /credentials": async ({ body }) => {
      const { name, credential_type } = body;
      const value = valueOf(body);
      checkValue(credential_type, name, value);
      const made = await secrets.create({ name, value, description: describeKind(credential_type) });
      return reply("POST /credentials", 201, credentialOf(made));
    },
    "GET /credentials/{credential_id}": async ({ params }) =>
      reply("GET /credentials/{credential_id}", 200, credentialOf(await read(params.credential_id))),
    "DELETE /credentials/{credential_id}": async ({ params }) => {
      await secrets.remove((await read(params.credential_id)).id);
      return reply("DELETE /credentials/{credential_id}", 204);
    },
  });
}

function credentialOf({ id, name, description, created_at }: Secret) {
  return { id, name, credential_type: kindOf(description), labels: {}, created_at, expires_at: null };
}

/** `value`, or what the documents call `data`: a text, or an object whose only field holds it. */
function valueOf({ value, data }: { value?: string; data?: string | Record<string, unknown> }): string {
  if (value !== undefined) return value;
  if (typeof data === "string" && data !== "") return data;
  if (typeof data === "object") {
    const [only, ...more] = Object.values(data);
    if (typeof only === "string" && only !== "" && more.length === 0) return only;
    if (only !== undefined) return JSON.stringify(data);
  }
  throw new ApiError(400, "validation_failed", "value: a credential needs a value", {
    issues: [{ path: "value", message: "a credential needs a value" }],
  });
}

/** @throws ApiError 400 when the variables cannot be read: better now than when a sandbox starts */
function checkValue(kind: CredentialKind, name: string, value: string): void {
  try {
    variablesOf(kind, name, value);
  } catch {
    const message = "the value must be a JSON object of texts";
    throw new ApiError(400, "validation_failed", `value: ${message}`, {
      issues: [{ path: "value", message }],
    });
  }
}
