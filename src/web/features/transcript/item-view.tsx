import { memo, type ReactNode, useCallback, useSyncExternalStore } from "react";
import type { Row } from "#src/transcript/rows.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import type { Item, ItemModel } from "./item-model.ts";
import { GroupRow } from "./rows/group-row.tsx";
import { PermissionRow, QuestionRow } from "./rows/request-rows.tsx";
import { ContentRow, ErrorRow, LogRow, NoticeRow, TurnEndRow, UnparsedRow } from "./rows/small-rows.tsx";
import { TextBlock } from "./rows/text-block.tsx";
import { ThinkingRow } from "./rows/thinking-row.tsx";
import { UserRow } from "./rows/user-row.tsx";
import { ToolCard } from "./tools/tool-card.tsx";
import { useTranscriptContext } from "./transcript-context.ts";

/** One place of the list. It subscribes to its own item, so that a change elsewhere does not reach it. */
export const ItemView = memo(function ItemView({ model, itemKey }: { model: ItemModel; itemKey: string }) {
  const subscribe = useCallback(
    (listener: () => void) => model.subscribeItem(itemKey, listener),
    [model, itemKey],
  );
  const item = useSyncExternalStore(subscribe, () => model.item(itemKey));
  const { newFrom } = useTranscriptContext();
  if (!item) return null;
  return (
    <>
      {newFrom === itemKey && <NewLine />}
      {item.lead && <AgentName />}
      {itemBody(item)}
    </>
  );
});

/** Where the reader left off. */
function NewLine() {
  return (
    <p className="flex items-center gap-3 pt-4 text-xs font-medium text-accent">
      New since you last looked
      <span aria-hidden className="h-px flex-1 bg-accent/40" />
    </p>
  );
}

function AgentName() {
  const { agent } = useTranscriptContext();
  return <p className="pt-4 font-semibold">{visibleText(agent)}</p>;
}

/** A call rather than a component, as all on the way to the text that streams: it is taken with every delta. */
function itemBody(item: Item): ReactNode {
  switch (item.kind) {
    case "block":
      return <TextBlock item={item} />;
    case "group":
      return <GroupRow group={item.group} />;
    case "row":
      return item.nested ? (
        <div className="ml-[7px] border-l border-border pl-3.5">
          <RowView row={item.row} />
        </div>
      ) : (
        <RowView row={item.row} />
      );
    default:
      return item satisfies never;
  }
}

function RowView({ row }: { row: Row }) {
  switch (row.kind) {
    case "user":
      return <UserRow row={row} />;
    case "text":
      // Text comes as blocks; a text row as a whole is never an item.
      return null;
    case "thinking":
      return <ThinkingRow row={row} />;
    case "content":
      return <ContentRow row={row} />;
    case "tool":
      return <ToolCard row={row} />;
    case "permission":
      return <PermissionRow row={row} />;
    case "question":
      return <QuestionRow row={row} />;
    case "error":
      return <ErrorRow row={row} />;
    case "notice":
      return <NoticeRow row={row} />;
    case "log":
      return <LogRow row={row} />;
    case "unparsed":
      return <UnparsedRow row={row} />;
    case "turn_end":
      return <TurnEndRow row={row} />;
    default:
      return row satisfies never;
  }
}
