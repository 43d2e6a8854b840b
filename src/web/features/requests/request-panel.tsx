import type { PendingRequest } from "#src/domain/request.ts";
import { type PanelProps, PermissionPanel } from "./permission-panel.tsx";
import { QuestionPanel } from "./question-panel.tsx";

/** What a request is about and the buttons that answer it. */
export function RequestPanel({ request, ...props }: PanelProps & { request: PendingRequest }) {
  return request.kind === "permission" ? (
    <PermissionPanel permission={request} {...props} />
  ) : (
    <QuestionPanel request={request} {...props} />
  );
}
