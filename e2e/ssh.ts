import ssh2, { type Client } from "ssh2";

/** What a person reads off the page: the command to come in with, and the host's key. */
export type ShownAccess = { command: string; host_key: string };

/** Opens the connection that the shown command means, to that host alone. */
export async function connectSsh({ command, host_key }: ShownAccess): Promise<Client> {
  const [, port, user] = /^ssh -p (\d+) (\S+)@127\.0\.0\.1$/.exec(command) ?? [];
  if (!user) throw new Error(`not a command of this machine's: ${command}`);
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.on("ready", () => resolve(client)).on("error", reject);
    client.connect({
      host: "127.0.0.1",
      port: Number(port),
      username: user,
      hostVerifier: (key: Buffer) => key.toString("base64") === host_key.split(" ")[1],
    });
  });
}

/** When the connection is over, whoever ended it. */
export function closeOf(client: Client): Promise<void> {
  return new Promise((resolve) => {
    client.once("close", () => resolve());
  });
}

/** Runs a command and gives what it printed, and its exit code. */
export function runOverSsh(client: Client, command: string): Promise<{ stdout: string; code: number }> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      let stdout = "";
      let code = -1;
      channel.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
      channel.on("exit", (exit_code: number) => (code = exit_code));
      channel.on("close", () => resolve({ stdout, code }));
    });
  });
}
