import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import path from "node:path";
import { promisify } from "node:util";
import ssh2, { type Client, type SFTPWrapper } from "ssh2";
import { afterEach, describe, expect, test } from "vitest";
import type { Schedule } from "../events/schedule.ts";
import { temporaryFolder } from "../sandboxes/test-local.ts";
import { until } from "#src/testing/test-wait.ts";
import { commandFor, hasTerminals } from "./command.ts";
import { GRANT_MS } from "./grants.ts";
import { createSshServer, type SshServer } from "./server.ts";

const run = promisify(execFile);
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

type Made = {
  server: SshServer;
  dataDir: string;
  files: string;
  /** Moves the clock; what is due happens. */
  pass(ms: number): void;
  running: { is: boolean };
};

function make(dataDir = temporaryFolder()): Made {
  const files = path.join(dataDir, "files");
  mkdirSync(files, { recursive: true });
  let time = Date.parse("2026-03-01T10:00:00Z");
  const due: { at: number; run: () => void }[] = [];
  const schedule: Schedule = (run, delay_ms) => {
    const entry = { at: time + delay_ms, run };
    due.push(entry);
    return () => void due.splice(due.indexOf(entry), 1);
  };
  const running = { is: true };
  const environment = { PATH: process.env.PATH ?? "", HOME: dataDir, GREETING: "hi", SHELL: "/bin/sh" };
  const server = createSshServer({
    dataDir,
    now: () => time,
    schedule,
    placeOf: (ref) => (running.is && ref === "box" ? { files, environment } : null),
  });
  ends.push(() => server.close());
  const pass = (ms: number): void => {
    time += ms;
    for (const entry of due.filter(({ at }) => at <= time)) entry.run();
  };
  return { server, dataDir, files, pass, running };
}

function connect(destination: string): Promise<Client> {
  const [, port, user] = /^-p (\d+) (\S+)@127\.0\.0\.1$/.exec(destination) ?? [];
  const client = new ssh2.Client();
  ends.push(() => client.end());
  return new Promise((resolve, reject) => {
    client.on("ready", () => resolve(client)).on("error", reject);
    client.connect({ host: "127.0.0.1", port: Number(port), username: user });
  });
}

async function enter({ server, files }: Made): Promise<Client> {
  return connect((await server.grant("box", files)).destination);
}

type Outcome = { stdout: string; stderr: string; code: number | null; signal: string | null };

function exec(
  client: Client,
  command: string,
  options: { pty?: boolean; stdin?: string } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    client.exec(command, { pty: options.pty ?? false }, (error, channel) => {
      if (error) return reject(error);
      const outcome: Outcome = { stdout: "", stderr: "", code: null, signal: null };
      channel.on("data", (chunk: Buffer) => (outcome.stdout += chunk.toString()));
      channel.stderr.on("data", (chunk: Buffer) => (outcome.stderr += chunk.toString()));
      channel.on("exit", (code: number | null, signal?: string) => {
        Object.assign(outcome, { code, signal: signal ?? null });
      });
      channel.on("close", () => resolve(outcome));
      if (options.stdin !== undefined) channel.end(options.stdin);
    });
  });
}

function sftpOf(client: Client): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) =>
    client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))),
  );
}

/** Calls one of the client's methods as a promise. */
function ask<T>(call: (done: (error: Error | undefined | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    call((error, value) => (error ? reject(error) : resolve(value as T))),
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("commands", () => {
  test("run in the sandbox's folder and environment, and tell their output and exit code", async () => {
    const made = make();
    const client = await enter(made);
    const outcome = await exec(client, 'pwd; echo "$GREETING"; echo no >&2; exit 7');
    expect(outcome).toEqual({ stdout: `${made.files}\nhi\n`, stderr: "no\n", code: 7, signal: null });
    expect((await exec(client, "tr a-z A-Z", { stdin: "loud" })).stdout).toBe("LOUD");
    expect(await exec(client, "kill -TERM $$")).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  test("end with their connection", async () => {
    const made = make();
    const client = await enter(made);
    client.exec("echo $$ > pid; sleep 600 & wait", () => undefined);
    const read = () =>
      Promise.resolve().then(() => Number(readFileSync(path.join(made.files, "pid"), "utf8")));
    const pid = await until(
      () => read().catch(() => 0),
      (found) => found > 0,
    );
    client.end();
    await until(
      () => Promise.resolve(isAlive(pid)),
      (alive) => !alive,
    );
  });

  test.runIf(hasTerminals())("have a terminal of the client's size when it asks for one", async () => {
    const client = await enter(make());
    const outcome = await new Promise<string>((resolve, reject) => {
      let text = "";
      client.shell({ rows: 33, cols: 101, term: "xterm-256color" }, (error, channel) => {
        if (error) return reject(error);
        channel.on("data", (chunk: Buffer) => (text += chunk.toString()));
        channel.on("close", () => resolve(text));
        channel.write('stty size; echo "is $TERM"; test -t 0 && echo terminal; exit\n');
      });
    });
    expect(outcome).toContain("33 101");
    expect(outcome).toContain("is xterm-256color");
    expect(outcome).toMatch(/^terminal\r?$/m);
    expect(await exec(client, `test -t 1 && echo "it's one"; exit 5`, { pty: true })).toMatchObject({
      stdout: "it's one\r\n",
      code: 5,
    });
  });

  test("without terminals an interactive shell still runs", () => {
    const terminal = { term: "", rows: 0, cols: 0 };
    expect(commandFor(null, terminal, {}, false)).toMatchObject({ file: "/bin/sh", args: ["-i"] });
    expect(commandFor("ls", terminal, {}, false)).toMatchObject({ args: ["-c", "ls"] });
    expect(commandFor("'; rm x", { term: "t", rows: 1e9, cols: Number.NaN }, {}, true).args[1]).toBe(
      'stty rows 24 cols 80; exec /bin/sh -c "$SANDBAR_SSH_COMMAND"',
    );
  });
});

describe("files", () => {
  test("are put, read, listed, renamed and removed", async () => {
    const made = make();
    const sftp = await sftpOf(await enter(made));
    const big = Buffer.alloc(1_000_000, "sandbar ");
    const local = path.join(made.dataDir, "local");
    writeFileSync(local, big);
    expect(await ask<string>((done) => sftp.realpath(".", done))).toBe(made.files);
    await ask((done) => sftp.mkdir("deep", done));
    await ask((done) => sftp.fastPut(local, "deep/big.bin", done));
    expect(readFileSync(path.join(made.files, "deep/big.bin")).equals(big)).toBe(true);
    await ask((done) => sftp.fastGet(`${made.files}/deep/big.bin`, `${local}.back`, done));
    expect(readFileSync(`${local}.back`).equals(big)).toBe(true);

    await ask((done) => sftp.chmod("deep/big.bin", 0o600, done));
    await ask((done) => sftp.utimes("deep/big.bin", 1_000, 2_000, done));
    const stats = await ask<{ size: number; mtime: number; mode: number }>((done) =>
      sftp.stat("deep/big.bin", done),
    );
    expect(stats).toMatchObject({ size: big.length, mtime: 2_000 });
    expect(stats.mode & 0o777).toBe(0o600);

    await ask((done) => sftp.rename("deep/big.bin", "deep/b", done));
    for (let index = 0; index < 250; index += 1)
      writeFileSync(path.join(made.files, "deep", `f${index}`), "");
    const listed = await ask<{ filename: string; longname: string }[]>((done) => sftp.readdir("/", done));
    expect(listed.map(({ filename }) => filename)).toEqual(["deep"]);
    expect(await ask<unknown[]>((done) => sftp.readdir("deep", done))).toHaveLength(251);
    await ask((done) => sftp.unlink("deep/b", done));
    await expect(ask((done) => sftp.stat("deep/b", done))).rejects.toMatchObject({ code: 2 });
    await expect(ask((done) => sftp.rmdir("deep", done))).rejects.toMatchObject({ code: 4 });
  });

  test("nothing leads out of the folder", async () => {
    const made = make();
    writeFileSync(path.join(made.dataDir, "secret"), "secret");
    symlinkSync(made.dataDir, path.join(made.files, "up"));
    symlinkSync(path.join(made.dataDir, "secret"), path.join(made.files, "link"));
    symlinkSync("/nowhere/at/all", path.join(made.files, "dangling"));
    const sftp = await sftpOf(await enter(made));
    const ways = [
      "../secret",
      "/etc/passwd",
      "up/secret",
      "link",
      `${made.dataDir}/secret`,
      "a/../../secret",
    ];
    for (const way of ways) {
      await expect(
        ask<Buffer>((done) =>
          sftp.readFile(way, (error: Error | undefined, bytes: Buffer) => done(error, bytes)),
        ),
        way,
      ).rejects.toMatchObject({ code: 3 });
      await expect(
        ask((done) => sftp.stat(way, done)),
        way,
      ).rejects.toMatchObject({ code: 3 });
      await expect(
        ask((done) => sftp.writeFile(way, "x", done)),
        way,
      ).rejects.toMatchObject({ code: 3 });
    }
    await expect(ask((done) => sftp.writeFile("dangling", "x", done))).rejects.toMatchObject({ code: 3 });
    await expect(ask((done) => sftp.symlink("/etc", "etc", done))).rejects.toMatchObject({ code: 8 });
    await expect(ask((done) => sftp.rename("up/secret", "got", done))).rejects.toMatchObject({ code: 3 });
    expect(readFileSync(path.join(made.dataDir, "secret"), "utf8")).toBe("secret");
    await ask((done) => sftp.unlink("link", done));
    expect(statSync(path.join(made.dataDir, "secret")).isFile(), "the link went, not its target").toBe(true);
  });
});

describe("grants", () => {
  const closed = (client: Client): Promise<unknown> => once(client, "close");

  test("an unknown token is turned away", async () => {
    const made = make();
    const { destination, token } = await made.server.grant("box", made.files);
    const other = destination.replace(token, "ssh_nobody");
    await expect(connect(other)).rejects.toThrow(/authentication/i);
  });

  test("end after an hour, with what was opened", async () => {
    const made = make();
    const { destination, expires_at } = await made.server.grant("box", made.files);
    expect(expires_at).toBe("2026-03-01T11:00:00.000Z");
    made.pass(GRANT_MS - 1);
    const client = await connect(destination);
    const end = closed(client);
    made.pass(1);
    await end;
    await expect(connect(destination)).rejects.toThrow(/authentication/i);
  });

  test("end when they are revoked, and only for their own sandbox", async () => {
    const made = make();
    const { destination, token } = await made.server.grant("box", made.files);
    made.server.revoke("another", token);
    const client = await connect(destination);
    const end = closed(client);
    made.server.revoke("box", token);
    await end;
    await expect(connect(destination)).rejects.toThrow(/authentication/i);
  });

  test("end with their sandbox; while it does not run nothing is opened", async () => {
    const made = make();
    const { destination } = await made.server.grant("box", made.files);
    const client = await connect(destination);
    made.running.is = false;
    await expect(exec(client, "true")).rejects.toThrow(/open/i);
    const end = closed(client);
    made.server.drop("box");
    await end;
    await expect(connect(destination)).rejects.toThrow(/authentication/i);
  });

  test("the host key is made once and kept for its owner only", async () => {
    const made = make();
    const { host_key } = await made.server.grant("box", made.files);
    expect(host_key).toMatch(/^ssh-ed25519 AAAA/);
    const file = path.join(made.dataDir, "ssh_host_ed25519_key");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    const again = make(made.dataDir);
    expect((await again.server.grant("box", again.files)).host_key).toBe(host_key);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

const hasOpenSsh = await run("ssh", ["-V"]).then(
  () => true,
  () => false,
);
test.runIf(hasOpenSsh)("OpenSSH's own client gets in with the command as it is given", async () => {
  const made = make();
  const { command, host_key } = await made.server.grant("box", made.files);
  const [, ...args] = command.split(" ");
  const known = path.join(made.dataDir, "known_hosts");
  writeFileSync(known, `[127.0.0.1]:${args[1]} ${host_key}\n`);
  const options = [
    "-o",
    `UserKnownHostsFile=${known}`,
    "-o",
    "StrictHostKeyChecking=yes",
    "-o",
    "BatchMode=yes",
  ];
  const { stdout } = await run("ssh", ["-F", "/dev/null", ...options, ...args, "echo $GREETING from $PWD"]);
  expect(stdout).toBe(`hi from ${made.files}\n`);

  const [, port = "", destination = ""] = args;
  const copy = (from: string, to: string) =>
    run("scp", ["-F", "/dev/null", ...options, "-P", port, from, to], { timeout: 10_000 });
  writeFileSync(path.join(made.dataDir, "up.txt"), "copied");
  await copy(path.join(made.dataDir, "up.txt"), `${destination}:there.txt`);
  await copy(`${destination}:there.txt`, path.join(made.dataDir, "back.txt"));
  expect(readFileSync(path.join(made.dataDir, "back.txt"), "utf8")).toBe("copied");
});
