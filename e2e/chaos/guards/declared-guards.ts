/**
 * What a migration declares of guards that the database itself keeps: unique columns, keys over several of them, unique
 * indexes, named constraints and triggers. Each as it stands there, without its body.
 */
export const declaredGuards = (sql: string): string[] =>
  sql
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("--"))
    .flatMap((line) => {
      const found = declarations.map((pattern) => pattern.exec(line)?.[0]).find(Boolean);
      return found === undefined ? [] : [found.trim()];
    });

const declarations = [
  /CREATE UNIQUE INDEX \w+/,
  /CREATE TRIGGER \w+/,
  /CONSTRAINT \w+ (?:CHECK|UNIQUE)/,
  /PRIMARY KEY \(\w+(?:, \w+)+\)/,
  /UNIQUE \([^)]*\)/,
  /^ +\w+ .*\bUNIQUE\b/,
];
