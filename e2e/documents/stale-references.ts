import { dirname, join } from "node:path";

export type Repository = {
  /** Whether there is such a file or folder; `path` is from the root and may hold `*`. */
  readonly exists: (path: string) => boolean;
  /** Of package.json. */
  readonly scripts: ReadonlySet<string>;
};

const LINK = /\]\((?!https?:|#)([^)#\s]+)/g;
const SCRIPT = /\bnpm run ([\w:]*\w)/g;
/** In backticks or after a command: whatever begins with one of our folders. */
const PATH =
  /(?:`|node |mocha |-f |'|\s)((?:e2e|services|operator|crds|charts|docs)\/[\w./*-]*[\w*])/g;

/** What a page names and the repository hasn't: links, scripts, files. A path with a placeholder (`<…>`, `{…}`) isn't looked at. */
export const staleReferences = (
  page: string,
  text: string,
  { exists, scripts }: Repository,
): string[] => {
  const links = found(text, LINK).filter((link) => !exists(join(dirname(page), link)));
  const unknown = found(text, SCRIPT).filter((script) => !scripts.has(script));
  const paths = found(text, PATH).filter(
    (path) => !exists(path) && !/[<{]/.test(after(text, path)),
  );
  return [...links, ...unknown.map((script) => `npm run ${script}`), ...paths];
};

const found = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].flatMap(([, name]) => name ?? [])),
];

/** The characters right behind a name, where a placeholder would go on. */
const after = (text: string, name: string): string => {
  const end = text.indexOf(name) + name.length;
  return text.slice(end, end + 2);
};
