import type { ReactNode } from "react";
import { AboutSection } from "./about-section.tsx";
import { SignInSection } from "./sign-in-section.tsx";
import { ThemeSection } from "./theme-section.tsx";
import { TokensSection } from "./tokens-section.tsx";

/** What concerns this browser and this server, and no single sandbox. */
export function SettingsPage({ notifications }: { notifications: ReactNode }) {
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-8 p-4 sm:p-6">
      <h1 className="text-xl font-semibold">Settings</h1>
      <ThemeSection />
      {notifications}
      <TokensSection />
      <SignInSection />
      <AboutSection />
    </div>
  );
}
