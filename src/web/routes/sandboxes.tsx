export { SandboxesPage as Component } from "#src/web/features/sandboxes/sandboxes-page.tsx";
