import type { Session } from "#src/domain/session.ts";
import { transcriptMarkdown } from "#src/transcript/markdown.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { wholeTranscript } from "#src/web/api/queries/transcript.ts";
import { toast } from "#src/web/ui/toast.tsx";

/** How long a browser may take to read a file that it was told to save, in ms. */
const READ_MS = 60_000;

type Exported = Pick<Session, "id" | "title">;

/** The whole transcript to the clipboard, also what the page has not loaded. */
export async function copyTranscript(session: Exported): Promise<void> {
  await told("The transcript was not copied", async () => {
    await navigator.clipboard.writeText(await markdownOf(session));
    toast.success("Transcript copied");
  });
}

/** The whole transcript as a file. */
export async function downloadTranscript(session: Exported): Promise<void> {
  await told("The transcript was not saved", async () => {
    const url = URL.createObjectURL(new Blob([await markdownOf(session)], { type: "text/markdown" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${fileName(session.title)}.md`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), READ_MS);
  });
}

async function markdownOf({ id, title }: Exported): Promise<string> {
  return transcriptMarkdown(await wholeTranscript(id), { title });
}

async function told(title: string, work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => toast.error(title, messageOf(error)));
}

/** A title as the name of a file on any system. */
function fileName(title: string): string {
  const name = title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  return name.slice(0, 80) || "transcript";
}
