import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import type { ResponseOf } from "#src/contract/routes.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { revokeTokenMutation, tokensQuery } from "#src/web/api/queries/tokens.ts";
import { Button } from "#src/web/ui/button.tsx";
import { confirmAction } from "#src/web/ui/confirm.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#src/web/ui/table.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { NewTokenDialog } from "./new-token-dialog.tsx";
import { Section } from "#src/web/ui/section.tsx";

type AccessToken = ResponseOf<"GET /tokens">[number];

/** Tokens for programs: made, listed, revoked. */
export function TokensSection() {
  const tokens = useQuery(tokensQuery);
  const [isMaking, setIsMaking] = useState(false);
  const newToken = <Button onClick={() => setIsMaking(true)}>New token</Button>;
  return (
    <Section
      title="API tokens"
      text={
        <>
          A program that sends <code>Authorization: Bearer …</code> with one may do what you can. The API is
          described at{" "}
          <a href="/api/v1/docs" className="text-accent underline underline-offset-2">
            /api/v1/docs
          </a>
          .
        </>
      }
    >
      {tokens.isPending ? (
        <SkeletonRows rows={2} label="Loading tokens" />
      ) : !tokens.data ? (
        <ErrorState
          title="Tokens could not be loaded"
          text={messageOf(tokens.error)}
          onRetry={() => void tokens.refetch()}
          retrying={tokens.isFetching}
        />
      ) : tokens.data.length === 0 ? (
        <div className="rounded-card border border-border">
          <EmptyState icon={<KeyRound size={20} />} title="No tokens yet" actions={newToken} />
        </div>
      ) : (
        <>
          <TokenTable tokens={tokens.data} />
          <div>{newToken}</div>
        </>
      )}
      {isMaking && <NewTokenDialog onClose={() => setIsMaking(false)} />}
    </Section>
  );
}

function TokenTable({ tokens }: { tokens: readonly AccessToken[] }) {
  const revoke = useMutation(revokeTokenMutation);
  const handleRevoke = async (token: AccessToken) => {
    const confirmed = await confirmAction({
      title: `Revoke ${token.name}?`,
      body: "Programs that use it are refused from then on. This cannot be undone.",
      action: "Revoke token",
      danger: true,
    });
    if (!confirmed) return;
    revoke.mutate(token.id, {
      onSuccess: () => toast.success(`Revoked ${token.name}`),
      onError: (error) => toast.error(failureTitle(error, "The token was not revoked"), messageOf(error)),
    });
  };
  return (
    <Table label="API tokens">
      <TableHead>
        <tr>
          <TableHeader>Name</TableHeader>
          <TableHeader>Begins with</TableHeader>
          <TableHeader>Made</TableHeader>
          <TableHeader>Last used</TableHeader>
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {tokens.map((token) => (
          <TableRow key={token.id}>
            <TableCell className="font-medium">{token.name}</TableCell>
            <TableCell>
              <code>{token.prefix}…</code>
            </TableCell>
            <TableCell className="whitespace-nowrap">
              <RelativeTime at={token.created_at} />
            </TableCell>
            <TableCell className="whitespace-nowrap">
              {token.last_used_at ? <RelativeTime at={token.last_used_at} /> : "Never"}
            </TableCell>
            <TableCell className="text-right">
              <Button
                variant="ghost"
                size="sm"
                aria-label={`Revoke ${token.name}`}
                busy={revoke.isPending && revoke.variables === token.id}
                onClick={() => void handleRevoke(token)}
              >
                Revoke
              </Button>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
