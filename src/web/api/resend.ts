import { isApiError } from "./api-error.ts";
import { randomName } from "./random-name.ts";

/** Sends what a person may send again. */
export type Resender = {
  send: <T>(content: unknown, perform: (key: string) => Promise<T>) => Promise<T>;
  /** What is sent next is meant anew, also when it is the same. */
  forget: () => void;
};

/**
 * When no answer came, a command may have been done all the same. The same one sent again then gets the same key, so that
 * the server does it once.
 */
export function createResender(newKey: () => string = randomName): Resender {
  let unanswered: { content: string; key: string } | null = null;
  return {
    send: async (wanted, perform) => {
      const content = JSON.stringify(wanted);
      const key = unanswered?.content === content ? unanswered.key : newKey();
      unanswered = null;
      try {
        return await perform(key);
      } catch (error) {
        if (isApiError(error, "network")) unanswered = { content, key };
        throw error;
      }
    },
    forget: () => {
      unanswered = null;
    },
  };
}
