import { ChevronDown, ChevronUp, X } from "lucide-react";
import { type RefObject, useEffect, useMemo, useState } from "react";
import { formatCount } from "#src/lib/format.ts";
import { searchRows } from "#src/transcript/search.ts";
import { useTranscript } from "#src/web/api/queries/transcript.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { Button } from "#src/web/ui/button.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { placeInRow, stepMatch } from "./find.logic.ts";
import { clearMarks, markMatches } from "./marks.ts";
import type { TranscriptHandle } from "./transcript.tsx";
import "./transcript.css";

type FindBarProps = {
  store: TranscriptStore;
  transcript: RefObject<TranscriptHandle | null>;
  onClose: () => void;
};

/** How often marks follow what scrolling and streaming put on the page, in milliseconds. */
const REMARK_MS = 250;

/** Finds text in all loaded rows, whether or not they are on the page. */
export function FindBar({ store, transcript, onClose }: FindBarProps) {
  const [query, setQuery] = useState("");
  const [current, setCurrent] = useState(-1);
  const rows = useTranscript(store, (snapshot) => snapshot.transcript?.rows);
  const hasOlder = useTranscript(store, (snapshot) => snapshot.next_before !== null);
  const { matches, total } = useMemo(() => searchRows(rows ?? [], query.trim()), [rows, query]);
  const at = Math.min(current, matches.length - 1);
  const match = matches[at];

  useEffect(() => {
    const mark = () => {
      const root = transcript.current?.element();
      const here = match ? { row_key: match.row_key, place: placeInRow(matches, at) } : null;
      if (root) markMatches(root, query.trim(), here);
    };
    mark();
    const timer = setInterval(mark, REMARK_MS);
    return () => {
      clearInterval(timer);
      clearMarks();
    };
  }, [transcript, query, match, matches, at]);

  const goTo = (place: number) => {
    setCurrent(place);
    const row_key = matches[place]?.row_key;
    if (row_key !== undefined) void transcript.current?.reveal(row_key, { unfold: true });
  };

  return (
    <search className="flex items-center gap-1 border-b border-border bg-surface px-4 py-1.5 md:px-6">
      <Input
        type="search"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person just asked to find something
        autoFocus
        aria-label="Find in the transcript"
        placeholder="Find in the transcript"
        className="max-w-xs"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setCurrent(-1);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
          else if (event.key === "Enter") goTo(stepMatch(at, matches.length, event.shiftKey ? -1 : 1));
          else return;
          event.preventDefault();
        }}
      />
      <output className="min-w-20 px-1 text-xs text-muted">
        {query.trim() !== "" &&
          (total === 0 ? "No match" : `${at >= 0 ? `${formatCount(at + 1)} of ` : ""}${formatCount(total)}`)}
      </output>
      <IconButton
        size="sm"
        label="Previous match"
        keys="shift+Enter"
        icon={<ChevronUp size={14} />}
        disabled={matches.length === 0}
        onClick={() => goTo(stepMatch(at, matches.length, -1))}
      />
      <IconButton
        size="sm"
        label="Next match"
        keys="Enter"
        icon={<ChevronDown size={14} />}
        disabled={matches.length === 0}
        onClick={() => goTo(stepMatch(at, matches.length, 1))}
      />
      {hasOlder && query.trim() !== "" && <SearchOlder store={store} />}
      <span className="flex-1" />
      <IconButton size="sm" label="Close find" keys="Escape" icon={<X size={14} />} onClick={onClose} />
    </search>
  );
}

/** Loads everything that was said before, so that it can be searched too. */
function SearchOlder({ store }: { store: TranscriptStore }) {
  const [loading, setLoading] = useState(false);
  const loadAll = async () => {
    setLoading(true);
    while (store.read().next_before !== null && store.read().older === "idle") await store.loadOlder();
    setLoading(false);
  };
  return (
    <Button size="sm" variant="ghost" busy={loading} onClick={() => void loadAll()}>
      Search older messages too
    </Button>
  );
}
