import type { QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatPlural } from "#src/lib/format.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { sandboxImpactQuery } from "#src/web/api/queries/sandboxes.ts";
import { confirmAction } from "#src/web/ui/confirm.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import type { BulkAction } from "./bulk.logic.ts";
import { deleteLosses, stopLosses, type Loss } from "./impact.logic.ts";

/** What is known of a loss: its parts, or why it could not be found out. */
type Known = { losses: readonly Loss[]; unknown: string | null };
const nothingKnown: Known = { losses: [], unknown: null };

/** Asks before a stop that would interrupt something; one that interrupts nothing needs no question. */
export async function confirmStop(
  queryClient: QueryClient,
  sandbox: Sandbox,
  verb: "Stop" | "Restart" = "Stop",
): Promise<boolean> {
  const known = await findLosses(queryClient, sandbox, "stop");
  if (known.losses.length === 0 && known.unknown === null) return true;
  return confirmAction({
    title: `${verb} ${sandbox.name}?`,
    body: <Losses known={known}>Files and sessions stay. You can start it again.</Losses>,
    action: `${verb} sandbox`,
  });
}

/** Asks before a delete, with what it takes away, and wants the name typed. */
export async function confirmDelete(queryClient: QueryClient, sandbox: Sandbox): Promise<boolean> {
  const known = await findLosses(queryClient, sandbox, "delete");
  return confirmAction({
    title: `Delete ${sandbox.name}?`,
    body: (
      <Losses known={known}>
        The sandbox and its files go for good. The recorded sessions stay readable.
      </Losses>
    ),
    action: "Delete sandbox",
    danger: true,
    typeToConfirm: sandbox.name,
  });
}

/** The same for several at once; a delete wants their number typed. */
export async function confirmBulk(
  queryClient: QueryClient,
  action: BulkAction,
  sandboxes: readonly Sandbox[],
): Promise<boolean> {
  const known = await Promise.all(sandboxes.map((sandbox) => findLosses(queryClient, sandbox, action)));
  const verb = action === "stop" ? "Stop" : "Delete";
  const many = formatPlural(sandboxes.length, "sandbox", "sandboxes");
  return confirmAction({
    title: `${verb} ${many}?`,
    body: (
      <ul className="flex flex-col gap-3">
        {sandboxes.map((sandbox, index) => (
          <li key={sandbox.id}>
            <span className="font-medium text-text">{sandbox.name}</span>
            <Losses known={known[index] ?? nothingKnown} />
          </li>
        ))}
      </ul>
    ),
    action: `${verb} ${many}`,
    danger: action === "delete",
    ...(action === "delete" ? { typeToConfirm: `delete ${sandboxes.length}` } : {}),
  });
}

async function findLosses(queryClient: QueryClient, sandbox: Sandbox, action: BulkAction): Promise<Known> {
  try {
    const impact = await queryClient.fetchQuery(sandboxImpactQuery(sandbox.id));
    return { losses: action === "stop" ? stopLosses(impact) : deleteLosses(impact), unknown: null };
  } catch (error) {
    return { losses: [], unknown: messageOf(error) };
  }
}

const namesShown = 5;

function Losses({ known: { losses, unknown }, children }: { known: Known; children?: ReactNode }) {
  return (
    <>
      {losses.length > 0 && (
        <ul className="flex list-disc flex-col gap-1 pl-5 marker:text-failed">
          {losses.map(({ text, names }) => (
            <li key={text}>
              <span className="text-text">{text}</span>
              {names.length > 0 && (
                <span className="block font-mono text-code">
                  {names.slice(0, namesShown).map(visibleText).join(", ")}
                  {names.length > namesShown && ` and ${names.length - namesShown} more`}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {unknown && <p className="text-permission">What would be lost could not be found out: {unknown}</p>}
      {children && <p>{children}</p>}
    </>
  );
}
