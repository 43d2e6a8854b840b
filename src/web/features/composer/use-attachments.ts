import { useState } from "react";
import type { Capabilities } from "#src/domain/backend.ts";
import { type Attachment, kindOf, refusal } from "./attachments.logic.ts";

type Limits = Pick<Capabilities["sessions"], "attachments" | "max_attachment_bytes">;

/** What is attached in each session while the page is open: too large for the browser's storage. */
const kept = new Map<string, readonly Attachment[]>();
let lastId = 0;

/** The files that go with the next message, and why others do not. They stay when the person looks elsewhere. */
export function useAttachments(session_id: string, limits: Limits) {
  const [attachments, show] = useState<readonly Attachment[]>(() => kept.get(session_id) ?? []);
  const [problems, setProblems] = useState<readonly string[]>([]);

  const change = (next: readonly Attachment[]) => {
    if (next.length > 0) kept.set(session_id, next);
    else kept.delete(session_id);
    show(next);
  };

  const since = () => kept.get(session_id) ?? [];

  const add = async (files: readonly File[], text: string | null = null) => {
    const refused = files.flatMap((file) => refusal(file, limits) ?? []);
    setProblems(refused);
    const read = await Promise.all(
      files.filter((file) => refusal(file, limits) === null).map((file) => attach(file, text, limits)),
    );
    const unread = read.flatMap((result) => (typeof result === "string" ? result : []));
    if (unread.length > 0) setProblems([...refused, ...unread]);
    change([...since(), ...read.filter((result) => typeof result !== "string")]);
  };

  return {
    attachments,
    problems,
    add,
    remove: (id: number) => change(attachments.filter((attachment) => attachment.id !== id)),
    /** They are on their way with a message. */
    clear: () => {
      change([]);
      setProblems([]);
    },
    /** The message did not arrive. */
    restore: (sent: readonly Attachment[]) => change([...sent, ...since()]),
  };
}

/** The file with its content, or the sentence that it cannot be read: it may be gone since it was chosen. */
async function attach(file: File, text: string | null, limits: Limits): Promise<Attachment | string> {
  try {
    const data = await readBase64(file);
    lastId += 1;
    return {
      id: lastId,
      kind: kindOf(file.type, limits) ?? "file",
      name: file.name || "attachment",
      media_type: file.type || "application/octet-stream",
      data,
      bytes: file.size,
      text,
    };
  } catch {
    return `${file.name} could not be read. Was it moved or is it a folder?`;
  }
}

function readBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      // `readAsDataURL` gives text; the type covers the other ways to read too.
      resolve(typeof reader.result === "string" ? reader.result.replace(/^data:[^,]*,/, "") : "");
    });
    reader.addEventListener("error", () => reject(reader.error ?? new Error("The file could not be read")));
    reader.readAsDataURL(file);
  });
}
