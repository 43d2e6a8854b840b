import { useRef, useState } from "react";
import type { Capabilities } from "#src/domain/backend.ts";
import { type Attachment, kindOf, refusal } from "./attachments.logic.ts";

type Limits = Pick<Capabilities["sessions"], "attachments" | "max_attachment_bytes">;

/** The files that go with the next message, and why others do not. */
export function useAttachments(limits: Limits) {
  const [attachments, setAttachments] = useState<readonly Attachment[]>([]);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const lastId = useRef(0);

  const add = async (files: readonly File[], text: string | null = null) => {
    const refused = files.flatMap((file) => refusal(file, limits) ?? []);
    const accepted = files.filter((file) => refusal(file, limits) === null);
    setProblems(refused);
    const read = await Promise.all(
      accepted.map(async (file) => {
        lastId.current += 1;
        const attachment: Attachment = {
          id: lastId.current,
          kind: kindOf(file.type, limits) ?? "file",
          name: file.name || "attachment",
          media_type: file.type || "application/octet-stream",
          data: await readBase64(file),
          bytes: file.size,
          text,
        };
        return attachment;
      }),
    );
    setAttachments((before) => [...before, ...read]);
  };

  return {
    attachments,
    problems,
    add,
    remove: (id: number) => setAttachments((before) => before.filter((attachment) => attachment.id !== id)),
    set: (next: readonly Attachment[]) => {
      setAttachments(next);
      setProblems([]);
    },
  };
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
