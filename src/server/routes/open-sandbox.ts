import type { Backend } from "#src/backends/backend.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { ApiError } from "../errors.ts";
import type { Services } from "./services.ts";

export type SandboxFeature = keyof Backend["capabilities"]["sandboxes"];

export type OpenSandbox = { sandbox: Sandbox; backend: Backend; ref: string };

/** The sandbox with its adapter, which must be able to do this. @throws ApiError 400 `unsupported` when it is not */
export async function openSandbox(
  { fleet, registry }: Pick<Services, "fleet" | "registry">,
  sandbox_id: string,
  feature: SandboxFeature | null,
): Promise<OpenSandbox> {
  const sandbox = await fleet.read(sandbox_id);
  const backend = registry.adapter(sandbox.backend_id);
  if (feature && !backend.capabilities.sandboxes[feature]) {
    throw new ApiError(
      400,
      "unsupported",
      backend.capabilities.notes[`sandboxes.${feature}`] ??
        `This backend has no ${feature.replaceAll("_", " ")}.`,
    );
  }
  return { sandbox, backend, ref: sandbox.upstream_id ?? sandbox.id };
}

/** @throws ApiError 409 unless it runs */
export function requireRunning({ name, state }: Sandbox): void {
  if (state === "running") return;
  throw new ApiError(409, "sandbox_invalid_state", `${name} is ${state}; start it first.`);
}
