import { Monitor, Moon, Sun } from "lucide-react";
import { SegmentedControl } from "#src/web/ui/segmented-control.tsx";
import { setTheme, useTheme } from "#src/web/ui/theme.ts";
import { Section } from "#src/web/ui/section.tsx";

export function ThemeSection() {
  return (
    <Section title="Theme" text="Kept in this browser.">
      <div>
        <SegmentedControl
          label="Theme"
          value={useTheme()}
          onValueChange={setTheme}
          items={[
            { value: "system", label: "System", icon: <Monitor size={16} aria-hidden /> },
            { value: "light", label: "Light", icon: <Sun size={16} aria-hidden /> },
            { value: "dark", label: "Dark", icon: <Moon size={16} aria-hidden /> },
          ]}
        />
      </div>
    </Section>
  );
}
