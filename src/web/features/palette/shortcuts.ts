export type Shortcut = { keys: readonly string[]; does: string };

/** Every shortcut of the page, as the shortcuts dialog lists them. */
export const shortcutGroups: readonly { name: string; shortcuts: readonly Shortcut[] }[] = [
  {
    name: "Everywhere",
    shortcuts: [
      { keys: ["mod+k"], does: "Search sessions, sandboxes and actions" },
      { keys: ["n"], does: "New session" },
      { keys: ["mod+b"], does: "Hide or show the sidebar" },
      { keys: ["alt+arrowup", "alt+arrowdown"], does: "Previous and next session" },
      {
        keys: ["alt+shift+arrowup", "alt+shift+arrowdown"],
        does: "Previous and next session that needs you or is unread",
      },
      { keys: ["?"], does: "This list" },
      { keys: ["escape"], does: "Close what is on top" },
    ],
  },
];
