import { useMutation } from "@tanstack/react-query";
import type { PendingRequest } from "#src/domain/request.ts";
import { failureTitle, isApiError, messageOf } from "#src/web/api/api-error.ts";
import {
  answerQuestionMutation,
  rejectQuestionMutation,
  respondPermissionMutation,
} from "#src/web/api/queries/requests.ts";
import { toast } from "#src/web/ui/toast.tsx";
import type { PermissionAnswer } from "./permission.logic.ts";
import { forgetDrafts } from "./request-drafts.ts";

/** Who wants to know of an answer: at the click, and when the server took it. */
export type AnswerListeners = {
  onAnswer?: (id: string) => void;
  onAnswered?: (id: string) => void;
};

/** Answers one request. That somebody else was first is a note, not an error: the request goes away by itself. */
export function useAnswer(request: PendingRequest, { onAnswer, onAnswered }: AnswerListeners) {
  const options = {
    onMutate: () => onAnswer?.(request.id),
    onSuccess: () => {
      forgetDrafts(sessionStorage, request.id);
      onAnswered?.(request.id);
    },
    onError: (error: Error) => {
      const late = isApiError(error) && (error.status === 409 || error.status === 404);
      if (late) {
        forgetDrafts(sessionStorage, request.id);
        toast.info("This request was already resolved", messageOf(error));
      } else toast.error(failureTitle(error, "Your answer did not arrive"), messageOf(error));
    },
  };
  const respond = useMutation({ ...respondPermissionMutation, ...options });
  const answer = useMutation({ ...answerQuestionMutation, ...options });
  const reject = useMutation({ ...rejectQuestionMutation, ...options });
  const target = { session_id: request.session_id, request_id: request.id };
  return {
    /** From the click until the request is gone. */
    busy: [respond, answer, reject].some(({ isPending, isSuccess }) => isPending || isSuccess),
    permission: ({ reply, option_id }: PermissionAnswer, message: string) =>
      respond.mutate({
        ...target,
        reply,
        ...(option_id === null ? {} : { option_id }),
        ...(reply === "reject" && message.trim() !== "" ? { message: message.trim() } : {}),
      }),
    question: (answers: string[][]) => answer.mutate({ ...target, answers }),
    rejectQuestion: () => reject.mutate(target),
  };
}
