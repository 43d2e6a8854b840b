import { useMutation } from "@tanstack/react-query";
import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { Link } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import type { Secret } from "#src/domain/secret.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { deleteSecretMutation } from "#src/web/api/queries/secrets.ts";
import { paths } from "#src/web/paths.ts";
import { confirmAction } from "#src/web/ui/confirm.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Menu, MenuItem } from "#src/web/ui/menu.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#src/web/ui/table.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { keeperOf } from "./keeper.ts";
import { deleteWarning } from "./secret-use.logic.ts";

type SecretsTableProps = {
  secrets: readonly Secret[];
  backends: readonly Backend[];
  onEdit: (secret: Secret) => void;
};

/** Names and where they are used; there is no column for values, because no route gives one. */
export function SecretsTable({ secrets, backends, onEdit }: SecretsTableProps) {
  const remote = secrets.some(({ backend_id }) => backend_id !== null);
  return (
    <Table label="Secrets">
      <TableHead>
        <tr>
          <TableHeader>Name</TableHeader>
          <TableHeader className="max-sm:hidden">Scope</TableHeader>
          {remote && <TableHeader className="max-md:hidden">Kept by</TableHeader>}
          <TableHeader className="max-sm:hidden">Used by</TableHeader>
          <TableHeader className="text-right max-md:hidden">Last used</TableHeader>
          <TableHeader className="text-right max-sm:hidden">Updated</TableHeader>
          <TableHeader className="w-0">
            <span className="sr-only">Actions</span>
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {secrets.map((secret) => (
          <TableRow key={secret.id}>
            <TableCell className="max-sm:w-full max-sm:max-w-0 sm:max-w-80">
              <span className="block truncate font-mono text-code font-medium">{secret.name}</span>
              {secret.description && (
                <span className="block truncate text-xs text-muted">{secret.description}</span>
              )}
              <div className="text-xs sm:hidden">
                <UsedBy secret={secret} />
              </div>
            </TableCell>
            <TableCell className="text-muted max-sm:hidden">{scopeWords[secret.scope]}</TableCell>
            {remote && (
              <TableCell className="text-muted max-md:hidden">
                {keeperOf(secret.backend_id, backends).name}
              </TableCell>
            )}
            <TableCell className="max-sm:hidden">
              <UsedBy secret={secret} />
            </TableCell>
            <TableCell className="text-right whitespace-nowrap text-muted max-md:hidden">
              {secret.last_used_at ? <RelativeTime at={secret.last_used_at} /> : "never"}
            </TableCell>
            <TableCell className="text-right whitespace-nowrap text-muted max-sm:hidden">
              <RelativeTime at={secret.updated_at} />
            </TableCell>
            <TableCell>
              <SecretActions secret={secret} backends={backends} onEdit={() => onEdit(secret)} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

export const scopeWords: Readonly<Record<Secret["scope"], string>> = { user: "yours", org: "organization" };

const usesShown = 2;

function UsedBy({ secret: { used_by } }: { secret: Secret }) {
  if (used_by.length === 0) return <span className="text-faint">not used yet</span>;
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5">
      {used_by.slice(0, usesShown).map(({ sandbox_id, sandbox_name, env_name }) => (
        <li key={`${sandbox_id} ${env_name}`} className="whitespace-nowrap">
          <Link to={paths.sandbox({ sandbox_id })} className="underline-offset-2 hover:underline">
            {sandbox_name}
          </Link>{" "}
          <span className="text-xs text-faint">
            as <code className="font-mono">{env_name}</code>
          </span>
        </li>
      ))}
      {used_by.length > usesShown && (
        <li
          className="text-faint"
          title={used_by
            .slice(usesShown)
            .map(({ sandbox_name, env_name }) => `${sandbox_name} as ${env_name}`)
            .join("\n")}
        >
          and {used_by.length - usesShown} more
        </li>
      )}
    </ul>
  );
}

type SecretActionsProps = { secret: Secret; backends: readonly Backend[]; onEdit: () => void };

function SecretActions({ secret, backends, onEdit }: SecretActionsProps) {
  const removal = useMutation(deleteSecretMutation);
  const keeper = keeperOf(secret.backend_id, backends);

  const remove = async () => {
    const confirmed = await confirmAction({
      title: `Delete ${secret.name}?`,
      body: deleteWarning(secret.used_by),
      action: "Delete secret",
      danger: true,
    });
    if (!confirmed) return;
    try {
      await removal.mutateAsync(secret.id);
      toast.success(`${secret.name} was deleted`);
    } catch (error) {
      toast.error(`${secret.name} was not deleted`, messageOf(error));
    }
  };

  return (
    <Menu trigger={<IconButton size="sm" label={`More for ${secret.name}`} icon={<Ellipsis size={14} />} />}>
      <MenuItem icon={<Pencil size={14} />} reason={keeper.why("update")} onSelect={onEdit}>
        Edit or replace value…
      </MenuItem>
      <MenuItem
        danger
        icon={<Trash2 size={14} />}
        reason={keeper.why("delete")}
        onSelect={() => void remove()}
      >
        Delete…
      </MenuItem>
    </Menu>
  );
}
