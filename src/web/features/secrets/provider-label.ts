/** A provider as people call it; words newer than this page as they are. */
export function providerLabel(provider: string): string {
  return labels[provider] ?? provider;
}

const labels: Readonly<Record<string, string>> = { claude: "Claude", codex: "Codex" };
