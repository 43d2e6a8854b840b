import type { Capabilities } from "#src/domain/backend.ts";
import { formatBytes } from "#src/lib/format.ts";

/** One feature of a backend: whether it works there, and why not or how when that is known. */
export type CapabilityRow = { key: string; label: string; works: boolean; detail: string | null };
export type CapabilityGroup = { title: string; rows: readonly CapabilityRow[] };

/** A backend's capabilities as a table for people; reasons come from its notes. */
export function capabilityGroups(capabilities: Capabilities): readonly CapabilityGroup[] {
  const { sandboxes, sources, agents, sessions, secrets, provider_secrets, notes } = capabilities;
  const row = (key: string, label: string, works: boolean, detail: string | null = null): CapabilityRow => ({
    key,
    label,
    works,
    detail: notes[key] ?? detail,
  });
  const flags = (prefix: string, labels: Readonly<Record<string, string>>, values: object): CapabilityRow[] =>
    Object.entries(values)
      .filter((entry): entry is [string, boolean] => typeof entry[1] === "boolean")
      .map(([name, works]) => row(`${prefix}.${name}`, labels[name] ?? words(name), works));

  return [
    {
      title: "Sandboxes",
      rows: [
        ...flags("sandboxes", sandboxLabels, sandboxes),
        row(
          "sources",
          "Files of a new sandbox",
          sources.length > 0,
          sources.map((source) => sourceLabels[source]).join(", ") || null,
        ),
      ],
    },
    { title: "Agents", rows: flags("agents", agentLabels, agents) },
    {
      title: "Sessions",
      rows: [
        ...flags("sessions", sessionLabels, sessions),
        row(
          "sessions.attachments",
          "Attachments",
          sessions.attachments.length > 0,
          sessions.attachments.length > 0
            ? `${sessions.attachments.map((kind) => `${kind}s`).join(" and ")}, up to ${formatBytes(sessions.max_attachment_bytes)}`
            : null,
        ),
      ],
    },
    {
      title: "Secrets kept there",
      rows: [
        ...flags("secrets", secretLabels, secrets),
        row(
          "provider_secrets",
          "Provider credentials",
          provider_secrets.length > 0,
          provider_secrets.join(", ") || null,
        ),
      ],
    },
  ];
}

/** Notes that no row carries: facts about the backend as a whole, and words newer than this page. */
export function otherNotes(capabilities: Capabilities): readonly string[] {
  const shown = new Set(capabilityGroups(capabilities).flatMap(({ rows }) => rows.map(({ key }) => key)));
  return Object.entries(capabilities.notes)
    .filter(([key]) => !shown.has(key))
    .map(([, note]) => note);
}

const sourceLabels: Readonly<Record<Capabilities["sources"][number], string>> = {
  empty: "an empty folder",
  git: "a repository",
  copy: "a copy of a local folder",
};

const sandboxLabels: Readonly<Record<keyof Capabilities["sandboxes"], string>> = {
  create: "Create",
  start: "Start",
  stop: "Stop",
  pause: "Pause and resume",
  delete: "Delete",
  ssh: "SSH access",
  logs: "Logs",
  stats: "Resource use",
  exec: "Run a command",
  files: "Browse files",
  arrange_files: "Make folders, rename and move",
  services: "Services",
  lifecycle_events: "Lifecycle events",
};

const agentLabels: Readonly<Record<keyof Capabilities["agents"], string>> = {
  list: "List agents",
  install: "Install agents",
};

const sessionLabels: Readonly<Record<string, string>> = {
  create: "Start sessions",
  discover: "Find sessions of other clients",
  resume: "Resume after a restart",
  end: "End sessions",
  live_events: "Live text and tools",
  options: "Model, mode and other options",
  queue: "Queue messages",
  interrupt: "Stop a turn",
  permissions: "Permissions",
  reject_message: "Reject with a message",
  always: "Allow always",
  questions: "Questions",
  mcp: "MCP servers",
  skills: "Skills",
};

const secretLabels: Readonly<Record<keyof Capabilities["secrets"], string>> = {
  list: "List",
  create: "Create",
  update: "Replace values",
  delete: "Delete",
};

function words(name: string): string {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
