export { BackendsPage as Component } from "#src/web/features/backends/backends-page.tsx";
