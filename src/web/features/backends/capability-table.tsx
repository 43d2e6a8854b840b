import { Check, Minus } from "lucide-react";
import { useMemo } from "react";
import type { Capabilities } from "#src/domain/backend.ts";
import { capabilityGroups, otherNotes } from "./capability-rows.logic.ts";

/** What a backend can do, and for what it cannot, why. */
export function CapabilityTable({ capabilities }: { capabilities: Capabilities }) {
  const groups = useMemo(() => capabilityGroups(capabilities), [capabilities]);
  const notes = useMemo(() => otherNotes(capabilities), [capabilities]);
  return (
    <div className="flex flex-col gap-3">
      {notes.length > 0 && (
        <ul className="list-disc pl-5 text-muted">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">What works on this backend</caption>
        {groups.map(({ title, rows }) => (
          <tbody key={title}>
            <tr>
              <th colSpan={2} scope="rowgroup" className="pt-3 pb-1 text-xs font-medium text-faint">
                {title}
              </th>
            </tr>
            {rows.map(({ key, label, works, detail }) => (
              <tr key={key} className="border-t border-border align-top">
                <th scope="row" className="py-1.5 pr-4 font-normal">
                  {label}
                </th>
                <td className="w-3/5 py-1.5">
                  <span className="flex items-start gap-1.5">
                    {works ? (
                      <Check size={14} aria-hidden className="mt-[3px] shrink-0 text-ok" />
                    ) : (
                      <Minus size={14} aria-hidden className="mt-[3px] shrink-0 text-faint" />
                    )}
                    <span className={works ? "" : "text-muted"}>
                      {works ? (detail ?? "yes") : `no${detail ? `. ${detail}` : ""}`}
                    </span>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
