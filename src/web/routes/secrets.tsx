export { SecretsPage as Component } from "#src/web/features/secrets/secrets-page.tsx";
