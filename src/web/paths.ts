const segment = encodeURIComponent;

/** The address of every page. The only place that spells them; paths.test.ts runs each through the router. */
export const paths = {
  home: () => "/",
  signIn: () => "/sign-in",
  inbox: () => "/inbox",
  /** One request, open in the inbox. */
  request: ({ request_id }: { request_id: string }) => `/inbox/${segment(request_id)}`,
  session: ({ session_id }: { session_id: string }) => `/sessions/${segment(session_id)}`,
  /** Opens the new-session dialog over the page that shows; relative, so it leads there from everywhere. */
  newSession: ({ sandbox = "" }: { sandbox?: string } = {}) => `?new-session=${segment(sandbox)}`,
  sandboxes: () => "/sandboxes",
  newSandbox: () => "/sandboxes?new",
  sandbox: ({ sandbox_id }: { sandbox_id: string }) => `/sandboxes/${segment(sandbox_id)}`,
  secrets: () => "/secrets",
  backends: () => "/backends",
  newBackend: () => "/backends?new",
  backend: ({ backend_id }: { backend_id: string }) => `/backends/${segment(backend_id)}`,
  settings: () => "/settings",
} as const;
