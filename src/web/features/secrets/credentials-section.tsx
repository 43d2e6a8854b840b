import { useMutation, useQuery } from "@tanstack/react-query";
import { KeySquare, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Backend } from "#src/domain/backend.ts";
import type { ProviderCredential } from "#src/domain/secret.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import { credentialsQuery, deleteCredentialMutation } from "#src/web/api/queries/secrets.ts";
import { Button } from "#src/web/ui/button.tsx";
import { confirmAction } from "#src/web/ui/confirm.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#src/web/ui/table.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { CredentialDialog } from "./credential-dialog.tsx";
import { keeperOf } from "./keeper.ts";
import { providerLabel } from "./provider-label.ts";
import { scopeWords } from "./secrets-table.tsx";

/** The keys and sign-ins that agents use for their AI provider. */
export function CredentialsSection() {
  const credentials = useQuery(credentialsQuery());
  const { data: backends = [] } = useQuery(backendsQuery());
  const [adding, setAdding] = useState(false);
  const add = () => setAdding(true);
  return (
    <section aria-labelledby="credentials-heading" className="flex flex-col gap-3">
      <header className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id="credentials-heading" className="text-xl font-semibold">
            Provider credentials
          </h2>
          <p className="max-w-3xl text-muted">
            What agents sign in to their AI provider with. Running sandboxes keep what they started with until
            they restart.
          </p>
        </div>
        <Button icon={<Plus size={16} aria-hidden />} onClick={add}>
          New credential
        </Button>
      </header>
      {credentials.isPending ? (
        <SkeletonRows rows={2} label="Loading provider credentials" />
      ) : !credentials.data ? (
        <ErrorState
          title="Provider credentials could not be loaded"
          text={messageOf(credentials.error)}
          onRetry={() => void credentials.refetch()}
          retrying={credentials.isFetching}
        />
      ) : credentials.data.length === 0 ? (
        <div className="rounded-card border border-border">
          <EmptyState
            icon={<KeySquare size={20} />}
            title="No provider credentials yet"
            text="Claude and Codex need one; the mock agent needs none."
            actions={<Button onClick={add}>New credential</Button>}
          />
        </div>
      ) : (
        <CredentialsTable credentials={credentials.data} backends={backends} />
      )}
      <CredentialDialog open={adding} backends={backends} onClose={() => setAdding(false)} />
    </section>
  );
}

type CredentialsTableProps = { credentials: readonly ProviderCredential[]; backends: readonly Backend[] };

const typeWords: Readonly<Record<ProviderCredential["type"], string>> = {
  api_key: "API key",
  oauth: "sign-in (OAuth)",
};

function CredentialsTable({ credentials, backends }: CredentialsTableProps) {
  const remote = credentials.some(({ backend_id }) => backend_id !== null);
  return (
    <Table label="Provider credentials">
      <TableHead>
        <tr>
          <TableHeader>Provider</TableHeader>
          <TableHeader>Name</TableHeader>
          <TableHeader>Type</TableHeader>
          <TableHeader className="max-sm:hidden">Scope</TableHeader>
          {remote && <TableHeader className="max-md:hidden">Kept by</TableHeader>}
          <TableHeader className="text-right max-sm:hidden">Updated</TableHeader>
          <TableHeader className="w-0">
            <span className="sr-only">Actions</span>
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {credentials.map((credential) => (
          <TableRow key={`${credential.provider} ${credential.id}`}>
            <TableCell className="font-medium">{providerLabel(credential.provider)}</TableCell>
            <TableCell className="max-w-64 truncate">{credential.name}</TableCell>
            <TableCell className="text-muted">{typeWords[credential.type]}</TableCell>
            <TableCell className="text-muted max-sm:hidden">{scopeWords[credential.scope]}</TableCell>
            {remote && (
              <TableCell className="text-muted max-md:hidden">
                {keeperOf(credential.backend_id, backends).name}
              </TableCell>
            )}
            <TableCell className="text-right whitespace-nowrap text-muted max-sm:hidden">
              <RelativeTime at={credential.updated_at} />
            </TableCell>
            <TableCell>
              <DeleteCredential credential={credential} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function DeleteCredential({ credential }: { credential: ProviderCredential }) {
  const removal = useMutation(deleteCredentialMutation);
  const remove = async () => {
    const confirmed = await confirmAction({
      title: `Delete ${credential.name}?`,
      body: `${providerLabel(credential.provider)} agents in sandboxes that start from now on go without it.`,
      action: "Delete credential",
      danger: true,
    });
    if (!confirmed) return;
    try {
      await removal.mutateAsync(credential);
      toast.success(`${credential.name} was deleted`);
    } catch (error) {
      toast.error(`${credential.name} was not deleted`, messageOf(error));
    }
  };
  return (
    <IconButton
      size="sm"
      label={`Delete ${credential.name}`}
      icon={<Trash2 size={14} />}
      disabled={removal.isPending}
      onClick={() => void remove()}
    />
  );
}
