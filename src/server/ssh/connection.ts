import type { Connection, ServerChannel, Session } from "ssh2";
import { commandFor, type Terminal } from "./command.ts";
import type { Grant } from "./grants.ts";
import { runOnChannel, type Running } from "./run.ts";
import { serveSftp } from "./sftp.ts";

/** Where a session runs: the sandbox's folder and environment as they are now. */
export type Place = { files: string; environment: Readonly<Record<string, string>> };

/**
 * One client: lets it in when its user name is a token that is good now, then serves shells, commands and SFTP in that
 * token's sandbox. Everything it runs ends with the connection.
 */
export function serveConnection(
  connection: Connection,
  deps: { find: (token: string) => Grant | null; placeOf: (sandbox_ref: string) => Place | null },
): void {
  let grant: Grant | null = null;
  const programs = new Set<Running>();

  connection.on("authentication", (attempt) => {
    grant = deps.find(attempt.username);
    if (!grant) return attempt.reject([]);
    grant.connections.add(connection);
    attempt.accept();
  });
  // What a broken connection says of itself is nobody's fault here; `close` follows.
  connection.on("error", () => connection.end());
  connection.on("close", () => {
    grant?.connections.delete(connection);
    for (const program of programs) program.end();
  });

  connection.on("session", (accept, reject) => {
    const place = grant && deps.placeOf(grant.sandbox_ref);
    if (place) serveSession(accept(), place, programs);
    else reject();
  });
}

function serveSession(session: Session, place: Place, programs: Set<Running>): void {
  let terminal: Terminal | null = null;
  const own = new Set<Running>();
  const sent: Record<string, string> = {};

  function run(channel: ServerChannel, wanted: string | null): void {
    const environment = { ...sent, ...place.environment };
    const running = runOnChannel(channel, commandFor(wanted, terminal, environment), place.files);
    programs.add(running);
    own.add(running);
    channel.on("close", () => programs.delete(running));
  }

  session.on("pty", (accept, _reject, info) => {
    terminal = info;
    accept?.();
  });
  // The size is given to the terminal when it is made; it cannot be told of a later one.
  session.on("window-change", (accept) => accept?.());
  session.on("env", (accept, reject, { key, val }) => {
    // As OpenSSH does by default: the language of the client, and nothing else.
    if (!/^(LANG|LC_\w+)$/.test(key)) return reject?.();
    sent[key] = val;
    accept?.();
  });
  session.on("signal", (accept, _reject, { name }) => {
    for (const program of own) program.signal(signalOf(name));
    accept?.();
  });
  session.on("shell", (accept) => run(accept(), null));
  session.on("exec", (accept, _reject, { command }) => run(accept(), command));
  session.on("sftp", (accept) => serveSftp(accept(), place.files));
}

const SIGNALS: readonly NodeJS.Signals[] = [
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGTERM",
  "SIGKILL",
  "SIGUSR1",
  "SIGUSR2",
];

/** The protocol's names have no `SIG`; one that is not known ends the program. */
function signalOf(name: string): NodeJS.Signals {
  return SIGNALS.find((known) => known === name || known === `SIG${name}`) ?? "SIGTERM";
}
