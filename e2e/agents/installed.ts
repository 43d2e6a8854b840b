import * as z from "zod";

/** What `src/scripts/agents.mjs` could install: the folder of its programs, or one sentence on why there is none. */
const Installed = z.union([z.object({ bin: z.string() }), z.object({ missing: z.string() })]);

/** The agents `npm run test:agents` installed for this run, by id. */
export function installedAgent(id: string): z.infer<typeof Installed> {
  const all = z.record(z.string(), Installed).parse(JSON.parse(process.env.SANDBAR_AGENTS ?? "{}"));
  return all[id] ?? { missing: `${id} was not asked for: run npm run test:agents` };
}
