import { CredentialsSection } from "./credentials-section.tsx";
import { SecretsSection } from "./secrets-section.tsx";

/** What agents may need to know and no page shows: secrets and provider credentials. */
export function SecretsPage() {
  return (
    <div className="mx-auto flex min-h-full w-full max-w-6xl flex-col gap-8 p-4 sm:p-6">
      <h1 className="sr-only">Secrets and provider credentials</h1>
      <SecretsSection />
      <CredentialsSection />
    </div>
  );
}
