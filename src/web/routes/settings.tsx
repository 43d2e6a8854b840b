import { NotificationsSection } from "#src/web/features/notifications/notifications-section.tsx";
import { SettingsPage } from "#src/web/features/settings/settings-page.tsx";

export function Component() {
  return <SettingsPage notifications={<NotificationsSection />} />;
}
