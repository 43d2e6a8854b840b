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
  {
    name: "In the inbox",
    shortcuts: [
      { keys: ["j", "k"], does: "Next and previous request" },
      { keys: ["enter"], does: "Open the request, to read it or fill it in" },
      { keys: ["y"], does: "Allow once" },
      { keys: ["n"], does: "Reject, or decline to answer" },
    ],
  },
  {
    name: "Writing to an agent",
    shortcuts: [
      { keys: ["enter"], does: "Send, or queue while it works" },
      { keys: ["shift+enter"], does: "New line" },
      { keys: ["arrowup", "arrowdown"], does: "Earlier and later prompts, at the edges of the text" },
      { keys: ["/"], does: "Commands of the agent" },
      { keys: ["@"], does: "Mention a file" },
    ],
  },
  {
    name: "Reading a transcript",
    shortcuts: [
      { keys: ["mod+f"], does: "Find in the transcript" },
      { keys: ["[", "]"], does: "Previous and next turn" },
      { keys: ["{", "}"], does: "Previous and next failure or request" },
    ],
  },
  {
    name: "Answering in a session",
    shortcuts: [
      { keys: ["enter"], does: "Allow once, or send the answer" },
      { keys: ["1", "9"], does: "Choose the first to the ninth answer of a question" },
      { keys: ["backspace"], does: "Reject a permission" },
      { keys: ["escape"], does: "Put it aside; it stays above the composer" },
    ],
  },
];
