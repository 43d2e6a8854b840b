import { isMac } from "./shortcut.ts";

const macSigns: Record<string, string> = {
  mod: "⌘",
  meta: "⌘",
  ctrl: "⌃",
  alt: "⌥",
  shift: "⇧",
  enter: "⏎",
  backspace: "⌫",
  escape: "esc",
  arrowup: "↑",
  arrowdown: "↓",
};
const otherSigns: Record<string, string> = {
  ...macSigns,
  mod: "Ctrl",
  meta: "Meta",
  ctrl: "Ctrl",
  alt: "Alt",
  shift: "Shift",
};

/** A shortcut as this machine's keyboard prints it: `mod+k` is ⌘K on a Mac and Ctrl K elsewhere. */
export function Kbd({ keys, onAccent = false }: { keys: string; onAccent?: boolean }) {
  const signs = isMac ? macSigns : otherSigns;
  const parts = keys.split("+").map((part) => signs[part.toLowerCase()] ?? part.toUpperCase());
  return (
    <kbd
      className={
        onAccent
          ? "font-sans text-xs opacity-85 pointer-coarse:hidden"
          : "rounded-[4px] border border-border bg-surface px-1 font-sans text-xs leading-4 text-faint pointer-coarse:hidden"
      }
    >
      {parts.join(isMac ? "" : " ")}
    </kbd>
  );
}
