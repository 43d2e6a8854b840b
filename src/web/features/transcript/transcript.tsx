import { ArrowDown } from "lucide-react";
import {
  type ReactElement,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { firstBetween } from "#src/transcript/row-order.ts";
import type { Row } from "#src/transcript/rows.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { cn } from "#src/web/ui/cn.ts";
import { Button } from "#src/web/ui/button.tsx";
import { copyRow } from "./copy-row.ts";
import { Folds } from "./folds.ts";
import { ItemView } from "./item-view.tsx";
import { ItemModel } from "./item-model.ts";
import { VirtualList, type VirtualListHandle } from "./list/virtual-list.tsx";
import { OlderRows, TOP_MARGIN } from "./older-rows.tsx";
import { type Revealed, revealRow, type RevealWish } from "./reveal.ts";
import { TranscriptContext, type TranscriptContextValue } from "./transcript-context.ts";
import { useFollow } from "./use-follow.ts";
import { WorkingLine } from "./working-line.tsx";

/** What the page around a transcript can ask of it. */
export type TranscriptHandle = {
  /** Goes to the end and follows again: after an own message. */
  follow: () => void;
  /** Brings a row into view, loading older pages as needed. Null when there is no such row. */
  reveal: (row_key: string, wish?: RevealWish) => Promise<Revealed | null>;
  /** The row at the top of the view, from which previous and next are counted. */
  topRow: () => string | null;
  /** The element whose text is on the page, for marking what was found in it. */
  element: () => HTMLElement | null;
  focus: () => void;
};

type TranscriptProps = {
  store: TranscriptStore;
  /** Who answers, as the rows name it. */
  agent: string;
  /** The events that the reader missed since the last look; null for a first look. */
  missed: { after: string; to: string } | null;
  linkTo: (row_key: string) => string;
  showEvents: (row: Row) => void;
  /** Called after what is on the page changed. */
  onRendered?: () => void;
  /** What stands there while there are no rows. */
  empty: ReactNode;
  ref?: Ref<TranscriptHandle>;
};

/** The conversation of a session: a virtual list that stays at its end until the reader pulls away. */
export function Transcript({ store, agent, missed, ref, ...props }: TranscriptProps) {
  const { linkTo, showEvents, onRendered, empty } = props;
  const [folds] = useState(() => new Folds());
  const [model] = useState(() => new ItemModel());
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualListHandle>(null);
  const { state, dispatch, keepAtEnd } = useFollow({ scroller, content, end });

  useLayoutEffect(() => {
    const update = () => {
      model.update(rowsOf(store), (group) => folds.get(group.key) ?? false);
    };
    update();
    const stops = [store.subscribe(update), folds.subscribe(update)];
    return () => stops.forEach((stop) => stop());
  }, [store, model, folds]);

  const elementOf = useMemo(() => itemElements(model), [model]);
  const { keys, shift } = useSyncExternalStore(model.subscribeKeys, model.list);
  const firstMissed = missed && firstBetween(rowsOf(store), missed.after, missed.to);
  const newFrom = firstMissed && (model.placeOfRow(firstMissed.key)?.item_key ?? null);
  const context = useMemo<TranscriptContextValue>(
    () => ({
      folds,
      agent,
      newFrom,
      linkTo,
      showEvents: (row_key) => {
        const row = rowsOf(store).find(({ key }) => key === row_key);
        if (row) showEvents(row);
      },
      copy: (row_key, what) => void copyRow(rowsOf(store), row_key, what),
    }),
    [folds, agent, newFrom, linkTo, showEvents, store],
  );

  const lastKey = useRef(keys.at(-1));
  useEffect(() => {
    const at = lastKey.current === undefined ? -1 : keys.lastIndexOf(lastKey.current);
    if (at >= 0 && at < keys.length - 1) dispatch({ type: "grew", rows: keys.length - 1 - at });
    lastKey.current = keys.at(-1);
  }, [keys, dispatch]);

  const loadWhenNear = () => {
    const handle = list.current;
    if (handle && wantsOlder(handle, state.following)) void store.loadOlder();
    onRendered?.();
  };
  useEffect(loadWhenNear);

  useImperativeHandle(ref, () => ({
    follow: () => dispatch({ type: "attached" }),
    reveal: (row_key, wish) =>
      revealRow({
        ...wish,
        row_key,
        store,
        model,
        folds,
        list,
        onFound: () => dispatch({ type: "pulled_up" }),
      }),
    topRow: () => {
      const key = list.current ? model.list().keys[list.current.topIndex()] : undefined;
      const item = key === undefined ? undefined : model.item(key);
      return item ? (item.kind === "group" ? (item.group.rows[0]?.key ?? null) : item.row.key) : null;
    },
    element: () => scroller.current,
    focus: () => scroller.current?.focus(),
  }));

  return (
    <TranscriptContext value={context}>
      <div className="relative min-h-0 flex-1">
        <div
          ref={scroller}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by key
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label="Transcript"
          className="h-full scroll-column [scrollbar-gutter:stable_both-edges] ring-inside"
        >
          <div ref={content} className="mx-auto w-full max-w-4xl px-4 pb-4 [overflow-anchor:none] md:px-6">
            <OlderRows store={store} />
            {keys.length === 0 ? (
              empty
            ) : (
              <VirtualList
                ref={list}
                scroller={scroller}
                start={TOP_MARGIN}
                keys={keys}
                shift={shift}
                elementOf={elementOf}
                onScroll={loadWhenNear}
                onResize={keepAtEnd}
              />
            )}
            <WorkingLine store={store} agent={agent} />
          </div>
          <div ref={end} className={cn("-mt-px h-px", !state.following && "[overflow-anchor:none]")} />
        </div>
        {!state.following && (
          <div className="pointer-events-none absolute inset-x-0 bottom-2 flex justify-center">
            <Button
              size="sm"
              className="pointer-events-auto animate-fade-in bg-raised shadow-float"
              icon={<ArrowDown size={14} aria-hidden />}
              onClick={() => dispatch({ type: "attached" })}
            >
              {state.unseen > 0 ? `Jump to latest, ${state.unseen} new` : "Jump to latest"}
            </Button>
          </div>
        )}
      </div>
    </TranscriptContext>
  );
}

function rowsOf(store: TranscriptStore): readonly Row[] {
  return store.read().transcript?.rows ?? [];
}

/** The element of each item, the same every time: what the list does not move it then leaves alone. */
function itemElements(model: ItemModel): (key: string) => ReactElement {
  const made = new Map<string, ReactElement>();
  return (key) => {
    const element = made.get(key) ?? <ItemView key={key} model={model} itemKey={key} />;
    made.set(key, element);
    return element;
  };
}

/** Whether the first row is near enough to fetch what stands before it. At the end, only when the page is not full. */
function wantsOlder(list: VirtualListHandle, following: boolean): boolean {
  const { top, height, view } = list.extent();
  return following ? height < view : top < view * 1.5;
}
