const ESC = "\u001b";
const RIGHT_TO_LEFT_OVERRIDE = "\u202e";
const POP_DIRECTION = "\u202c";

/** Output that attacks whoever shows it as it is: nothing in it may run, load, hide or reorder. */
export const hostileText = `# Hostile output <script>alert("title")</script>

<script>alert("inline script")</script>
<img src="x" onerror="alert('image handler')">
<iframe src="https://example.com/frame"></iframe>
<style>body { display: none }</style>
<a href="javascript:alert('html link')" onclick="alert('click')">an HTML link</a>

[a script link](javascript:alert("markdown%20link")), [a data link](data:text/html,<script>alert(1)</script>),
[a disguised link https://example.com](https://attacker.example/)

![a remote image](https://example.com/pixel.png)
![a script image](javascript:alert("image"))

ANSI: ${ESC}[31mred${ESC}[0m, ${ESC}[2Jcleared screen, ${ESC}]0;new window title\u0007 and ${ESC}]8;;https://example.com${ESC}\\a link${ESC}]8;;${ESC}\\.
Bidirectional: invoice_${RIGHT_TO_LEFT_OVERRIDE}gnp.exe${POP_DIRECTION} and zero\u200bwidth\u200bspaces and a null \u0000.

| <script>alert("cell")</script> | \`</code><script>alert("code")</script>\` |
| --- | --- |
| ${"x".repeat(300)} | [x](vbscript:msgbox) |
`;

/** A command that reads as harmless when its control characters are obeyed. */
export const hostileCommand = `rm -rf important #\r${ESC}[2Kecho ${RIGHT_TO_LEFT_OVERRIDE}sselmrah${POP_DIRECTION} <b onmouseover="alert(1)">hello</b>`;
