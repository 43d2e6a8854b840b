/** What is chosen once for a session, as it is typed. */
export type SessionSetup = {
  /** Option id → the choice, only for those that were picked. */
  options: Readonly<Record<string, string>>;
  directory: string;
  /** JSON. */
  mcp: string;
  /** JSON. */
  skills: string;
};

export const emptySetup: SessionSetup = { options: {}, directory: "", mcp: "", skills: "" };

/** Why a configuration cannot be sent, or null. The backend judges what is in it. */
export function configProblem(text: string): string | null {
  if (text.trim() === "") return null;
  const value = parse(text);
  if (value === undefined) return "This is not JSON yet.";
  return typeof value === "object" && value !== null ? null : "It has to be an object.";
}

/** Whether all of it can be sent. */
export function isSendable({ mcp, skills }: SessionSetup): boolean {
  return configProblem(mcp) === null && configProblem(skills) === null;
}

/** The part of the request that it makes; what is blank is left out. */
export function setupBody({ options, directory, mcp, skills }: SessionSetup) {
  const metadata = {
    ...(mcp.trim() && { mcp: parse(mcp) }),
    ...(skills.trim() && { skills: parse(skills) }),
  };
  return {
    ...(Object.keys(options).length > 0 && { options: { ...options } }),
    ...(directory.trim() && { directory: directory.trim() }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half-typed: the field says so.
    return undefined;
  }
}
