import { Banner } from "#src/web/ui/banner.tsx";
import { Button } from "#src/web/ui/button.tsx";
import { Section } from "#src/web/ui/section.tsx";
import { Switch } from "#src/web/ui/switch.tsx";
import { type NoticeKind, noticeKinds } from "./notice.logic.ts";
import {
  askPermission,
  type NoticePermission,
  setNotices,
  useNoticePermission,
  useNoticeSettings,
} from "./notice-settings.ts";

const labels: Record<NoticeKind, string> = {
  permission: "An agent needs a permission",
  question: "An agent asks a question",
  failed: "A turn failed",
  finished: "A turn finished",
};

/** Whether this browser tells of what happens while a person looks elsewhere, and of what. */
export function NotificationsSection() {
  return (
    <Section
      title="Notifications"
      text="From this browser, for sessions that you are not looking at. Kept in this browser."
    >
      <Choices permission={useNoticePermission()} />
    </Section>
  );
}

function Choices({ permission }: { permission: NoticePermission }) {
  const { on, wanted } = useNoticeSettings();
  switch (permission) {
    case "unsupported":
      return (
        <Banner title="Not available here.">
          This browser offers no notifications on this page. Desktop browsers do, on HTTPS and on
          http://127.0.0.1.
        </Banner>
      );
    case "denied":
      return (
        <Banner tone="warning" title="Blocked by the browser.">
          Allow notifications for {location.host} in the browser's site settings, beside the address. This
          page notices by itself.
        </Banner>
      );
    case "default":
      return <TurnOn />;
    case "granted":
      return on ? (
        <fieldset className="flex flex-col gap-3 rounded-card border border-border p-4">
          <legend className="sr-only">Tell me when</legend>
          {noticeKinds.map((kind) => (
            <Switch
              key={kind}
              label={labels[kind]}
              checked={wanted[kind]}
              onCheckedChange={(checked) => setNotices({ wanted: { ...wanted, [kind]: checked } })}
            />
          ))}
          <div className="border-t border-border pt-3">
            <Button onClick={() => setNotices({ on: false })}>Turn off</Button>
          </div>
        </fieldset>
      ) : (
        <TurnOn />
      );
    default:
      return permission satisfies never;
  }
}

function TurnOn() {
  const turnOn = async () => {
    if ((await askPermission()) === "granted") setNotices({ on: true });
  };
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 rounded-card border border-border p-4">
      <p className="min-w-0 flex-1 basis-60 text-muted">
        Off. When an agent needs a permission, asks something, fails or finishes, the browser can tell you.
        The words name the session and the tool, never a command.
      </p>
      <Button variant="primary" onClick={() => void turnOn()}>
        Turn on notifications
      </Button>
    </div>
  );
}
