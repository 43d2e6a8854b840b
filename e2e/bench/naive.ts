import { marked } from "marked";
import { createElement, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import type { Envelope } from "#src/domain/event.ts";
import { fold } from "#src/transcript/fold.ts";
import { fromPage, prependPage } from "#src/transcript/page.ts";
import type { Row, TranscriptPage, TranscriptState } from "#src/transcript/rows.ts";

// What a transcript costs when it is built the obvious way: every row mounted, every message parsed whole, and the
// state set for every event. The data, the fold and the stream are the product's.

const session_id = location.pathname.split("/").at(-1) ?? "";
const eventTypes = ["text_delta", "text_complete", "user_message", "turn_started", "session_completed"];

function Transcript({ first }: { first: TranscriptState }) {
  const [state, setState] = useState(first);
  useEffect(() => {
    const stream = new EventSource(`/api/v1/stream?sessions=${session_id}&after=${first.cursor}`);
    for (const type of eventTypes) {
      stream.addEventListener(type, ({ data }: MessageEvent<string>) => {
        const envelope: Envelope = JSON.parse(data);
        if (envelope.session_id === session_id) setState((before) => fold(before, envelope));
      });
    }
    requestAnimationFrame(() => requestAnimationFrame(() => Object.assign(window, { ready: true })));
    return () => stream.close();
  }, [first]);
  useEffect(() => {
    scrollTo(0, document.body.scrollHeight);
  });
  return state.rows.map((row) => createElement(RowView, { key: row.key, row }));
}

function RowView({ row }: { row: Row }) {
  switch (row.kind) {
    case "text":
      return createElement("div", {
        dangerouslySetInnerHTML: { __html: marked.parse(row.text, { async: false }) },
      });
    case "tool":
      return createElement(
        "section",
        null,
        createElement("h4", null, row.tool.title),
        createElement("pre", null, row.tool.output),
      );
    case "user":
      return createElement("blockquote", null, JSON.stringify(row.content));
    default:
      return createElement("p", null, row.kind);
  }
}

async function load(before: string | null): Promise<TranscriptPage> {
  const query = before === null ? "" : `&before=${before}`;
  const response = await fetch(`/api/v1/sessions/${session_id}/transcript?limit=2000${query}`);
  return response.json();
}

async function main(): Promise<void> {
  let page = await load(null);
  let state = fromPage(page);
  while (page.next_before !== null) {
    page = await load(page.next_before);
    state = prependPage(state, page);
  }
  createRoot(document.body.appendChild(document.createElement("main"))).render(
    createElement(Transcript, { first: state }),
  );
}

await main();
