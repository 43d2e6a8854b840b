/** The languages that can be highlighted; the grammar of one may serve its relatives. */
const languages = [
  "bash",
  "c",
  "csharp",
  "css",
  "diff",
  "docker",
  "go",
  "graphql",
  "html",
  "ini",
  "java",
  "json",
  "kotlin",
  "lua",
  "make",
  "markdown",
  "php",
  "python",
  "ruby",
  "rust",
  "sql",
  "swift",
  "toml",
  "tsx",
  "typescript",
  "xml",
  "yaml",
] as const;
export type Language = (typeof languages)[number];

/** Other names of a language, and the file endings that mean it. */
const aliases: Readonly<Record<string, string>> = {
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  console: "bash",
  h: "c",
  cc: "c",
  cpp: "c",
  hpp: "c",
  "c++": "c",
  cs: "csharp",
  "c#": "csharp",
  scss: "css",
  patch: "diff",
  dockerfile: "docker",
  gql: "graphql",
  htm: "html",
  vue: "html",
  env: "ini",
  conf: "ini",
  properties: "ini",
  js: "tsx",
  jsx: "tsx",
  javascript: "tsx",
  mjs: "tsx",
  cjs: "tsx",
  jsonc: "json",
  json5: "json",
  jsonl: "json",
  kt: "kotlin",
  makefile: "make",
  mk: "make",
  md: "markdown",
  mdx: "markdown",
  py: "python",
  rb: "ruby",
  rs: "rust",
  ts: "typescript",
  mts: "typescript",
  cts: "typescript",
  svg: "xml",
  yml: "yaml",
};

/** The canonical name of a language that can be highlighted; null for any other. Takes a fence's word or a file ending. */
export function languageName(word: string): Language | null {
  const wanted = word.trim().toLowerCase();
  const name = Object.hasOwn(aliases, wanted) ? aliases[wanted] : wanted;
  return name !== undefined && isLanguage(name) ? name : null;
}

/** The language of a file, from its name; empty when unknown. */
export function languageOfPath(path: string): string {
  const file = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return languageName(file.slice(file.lastIndexOf(".") + 1)) ?? "";
}

function isLanguage(name: string): name is Language {
  return languages.some((language) => language === name);
}
