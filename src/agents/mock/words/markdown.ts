/** Where the stream is cut: inside bold, italic, strikethrough, a link, a list number, a fence's language, a table row. */
const CUT = "\u2038";

const document = `# Mock Markdown

Plain text with **bo${CUT}ld**, *ita${CUT}lic*, ***bold italic***, ~~strike${CUT}through~~ and \`inline code\`.
A [link to exam${CUT}ple.com](https://example.com).

## Lists

- First bullet
  - Nested bullet
  - Another nested bullet
- Second bullet

1. Step one
2${CUT}. Step two
3. Step three

> A quotation, said by nobody.

## Code

\`\`\`t${CUT}s
export function greet(name: string): string {
  return \`Hello, \${name}!\`;
}
\`\`\`

## Table

| Left | Centre | Right |
| :--- | :----: | ----: |
| a    |   b  ${CUT}  |     1 |
| c    |   d    |    22 |

---

The end.
`;

/** A document of every common construct, in eight deltas that end in the middle of one. */
export const markdownDeltas: readonly string[] = document.split(CUT);
