import { createContext, use } from "react";

/** The folder that a session works in, absolute; null where it is not known. Paths inside are told from there. */
export const FolderContext = createContext<string | null>(null);

export function useFolder(): string | null {
  return use(FolderContext);
}
