import * as z from "zod";
import { LockError, readServerInfo } from "./lock.ts";

/** `npm run link`: asks the server that runs on this data directory for a new sign-in link and prints it. */
export async function printLink(data_dir: string): Promise<void> {
  const running = readServerInfo(data_dir);
  if (!running?.port || !running.control_token) {
    throw new LockError(`No Sandbar runs on ${data_dir}. Start it with: npm start`, null);
  }
  const response = await fetch(`http://127.0.0.1:${running.port}/api/v1/sign-in-links`, {
    method: "POST",
    headers: { authorization: `Bearer ${running.control_token}` },
  }).catch(() => null);
  if (!response?.ok) {
    throw new LockError(
      `Sandbar on ${data_dir} does not answer on port ${running.port}. Restart it with: npm start`,
      running,
    );
  }
  const { link } = z.object({ link: z.string() }).parse(await response.json());
  process.stdout.write(`${link}\n`);
}
