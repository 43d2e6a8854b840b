import { useQuery } from "@tanstack/react-query";
import { FileUp, KeyRound, Plus, Search } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import type { Secret } from "#src/domain/secret.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import { secretsQuery } from "#src/web/api/queries/secrets.ts";
import { Button } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { SecretsTable } from "./secrets-table.tsx";

type Open = { kind: "create" } | { kind: "import" } | { kind: "edit"; secret: Secret } | null;

/** The secrets that sandboxes get as environment variables. */
export function SecretsSection() {
  const secrets = useQuery(secretsQuery());
  const { data: backends = [] } = useQuery(backendsQuery());
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <section aria-labelledby="secrets-heading" className="flex flex-col gap-3">
      <header className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id="secrets-heading" className="text-xl font-semibold">
            Secrets
          </h2>
          <p className="max-w-3xl text-muted">
            Given to sandboxes as environment variables. Values are sealed and never shown again; a sandbox
            takes a new value at its next start.
          </p>
        </div>
        <Button icon={<FileUp size={16} aria-hidden />} onClick={() => setOpen({ kind: "import" })}>
          Import .env
        </Button>
        <Button
          variant="primary"
          icon={<Plus size={16} aria-hidden />}
          onClick={() => setOpen({ kind: "create" })}
        >
          New secret
        </Button>
      </header>
      {secrets.isPending ? (
        <SkeletonRows rows={4} label="Loading secrets" />
      ) : !secrets.data ? (
        <ErrorState
          title="Secrets could not be loaded"
          text={messageOf(secrets.error)}
          onRetry={() => void secrets.refetch()}
          retrying={secrets.isFetching}
        />
      ) : secrets.data.length === 0 ? (
        <div className="rounded-card border border-border">
          <EmptyState
            icon={<KeyRound size={20} />}
            title="No secrets yet"
            text="Keep a token or a password once, and pick it when you make a sandbox."
            actions={
              <>
                <Button variant="primary" onClick={() => setOpen({ kind: "create" })}>
                  New secret
                </Button>
                <Button onClick={() => setOpen({ kind: "import" })}>Import .env</Button>
              </>
            }
          />
        </div>
      ) : (
        <SecretList
          secrets={secrets.data}
          backends={backends}
          onEdit={(secret) => setOpen({ kind: "edit", secret })}
        />
      )}
      <SecretDialog
        key={open?.kind === "edit" ? open.secret.id : "new"}
        open={open?.kind === "create" || open?.kind === "edit"}
        secret={open?.kind === "edit" ? open.secret : null}
        backends={backends}
        onClose={close}
      />
      <ImportDialog
        open={open?.kind === "import"}
        secrets={secrets.data ?? []}
        backends={backends}
        onClose={close}
      />
    </section>
  );
}

type SecretListProps = {
  secrets: readonly Secret[];
  backends: readonly Backend[];
  onEdit: (secret: Secret) => void;
};

function SecretList({ secrets, backends, onEdit }: SecretListProps) {
  const [params, setParams] = useSearchParams();
  const q = params.get("q") ?? "";
  const setQ = (text: string) =>
    setParams(
      (current) => {
        if (text) current.set("q", text);
        else current.delete("q");
        return current;
      },
      { replace: true },
    );
  const found = secrets.filter(({ name, description }) =>
    `${name}\n${description ?? ""}`.toLowerCase().includes(q.trim().toLowerCase()),
  );
  return (
    <>
      <search className="relative max-w-64">
        <Search
          size={14}
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint"
        />
        <Input
          type="search"
          aria-label="Search secrets"
          placeholder="Search…"
          value={q}
          onChange={(event) => setQ(event.target.value)}
          className="pl-8"
        />
      </search>
      {found.length === 0 ? (
        <EmptyState
          title="No secret matches"
          text={`None of the ${secrets.length} has “${q}” in its name or description.`}
          actions={<Button onClick={() => setQ("")}>Clear search</Button>}
        />
      ) : (
        <SecretsTable secrets={found} backends={backends} onEdit={onEdit} />
      )}
    </>
  );
}
