import { mutationOptions, queryOptions, type QueryClient } from "@tanstack/react-query";
import type { BodyIn } from "#src/contract/routes.ts";
import type { Backend } from "#src/domain/backend.ts";
import { call } from "#src/web/api/call.ts";
import { sandboxKeys } from "./sandboxes.ts";

export const backendKeys = {
  all: ["backends"] as const,
  list: ["backends", "list"] as const,
};

/** Every connected backend; a page that shows one of them takes it from here. */
export function backendsQuery() {
  return queryOptions({
    queryKey: backendKeys.list,
    queryFn: ({ signal }) => call("GET /backends", { signal }),
  });
}

/** Finds out what answers at an address, without connecting it. */
export const probeBackendMutation = mutationOptions({
  mutationFn: (body: BodyIn<"POST /backends/probe">) => call("POST /backends/probe", { body }),
});

export const connectBackendMutation = mutationOptions({
  mutationFn: (body: BodyIn<"POST /backends">) => call("POST /backends", { body }),
  onSuccess: (backend, _asked, _result, { client }) => putBackend(client, backend),
});

/** Renames it, replaces its address or token, pauses or resumes it. */
export const updateBackendMutation = mutationOptions({
  mutationFn: ({ backend_id, ...body }: { backend_id: string } & BodyIn<"PATCH /backends/{backend_id}">) =>
    call("PATCH /backends/{backend_id}", { params: { backend_id }, body }),
  onSuccess: (backend, _asked, _result, { client }) => putBackend(client, backend),
});

export const checkBackendMutation = mutationOptions({
  mutationFn: (backend_id: string) => call("POST /backends/{backend_id}/check", { params: { backend_id } }),
  onSuccess: (backend, _asked, _result, { client }) => putBackend(client, backend),
});

export const removeBackendMutation = mutationOptions({
  mutationFn: (backend_id: string) => call("DELETE /backends/{backend_id}", { params: { backend_id } }),
  onSuccess: (_none, backend_id, _result, { client }) => {
    client.setQueryData(backendsQuery().queryKey, (list) =>
      list?.filter((backend) => backend.id !== backend_id),
    );
    return client.invalidateQueries({ queryKey: sandboxKeys.all });
  },
});

/** Puts a backend that the server just told of in its place in the list, and asks for the list all the same. */
function putBackend(client: QueryClient, backend: Backend): Promise<void> {
  client.setQueryData(backendsQuery().queryKey, (list) => {
    if (!list) return list;
    const known = list.some((other) => other.id === backend.id);
    return known ? list.map((other) => (other.id === backend.id ? backend : other)) : [...list, backend];
  });
  return client.invalidateQueries({ queryKey: backendKeys.list });
}
