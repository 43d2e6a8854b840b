import type { Sandbox } from "#src/domain/sandbox.ts";
import { shortRepository } from "./repository.logic.ts";

/** `acme/web main`; nothing for a folder that came from nowhere. */
export function RepositoryName({ sandbox: { repository, branch } }: { sandbox: Sandbox }) {
  if (!repository) return null;
  return (
    <span className="flex min-w-0 gap-1.5 text-muted" title={repository}>
      <span className="min-w-0 truncate">{shortRepository(repository)}</span>
      {branch && <span className="max-w-1/2 min-w-0 truncate text-faint">{branch}</span>}
    </span>
  );
}
