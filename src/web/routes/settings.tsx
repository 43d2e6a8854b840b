export { SettingsPage as Component } from "#src/web/features/settings/settings-page.tsx";
