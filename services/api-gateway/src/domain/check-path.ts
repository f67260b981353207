/** Longest request target we know is a search of some 150 characters; cursors are at most 512. */
const TARGET_LENGTH_MAX = 2_048;

/**
 * What makes a path mean one thing here and another in a service: encoded separators and dots, empty segments,
 * backslashes, control characters, broken escapes.
 */
const trick =
  /[^\x21-\x7e]|[\\#]|\/\/|%(?:2f|5c|0[0-9a-f]|1[0-9a-f]|7f)|%(?![0-9a-f]{2})|\/(?:\.|%2e){1,2}(?:\/|$)/i;
const queryTrick = /[^\x21-\x7e]|#/;

/**
 * The path of a request target, without its query. `undefined` for anything that a client of ours doesn't send: absolute
 * form (`GET http://…`), `*`, dot segments, encoded slashes. Such a target gets 400 and reaches no service.
 */
export const pathOf = (target: string): string | undefined => {
  if (target.length > TARGET_LENGTH_MAX || target.charCodeAt(0) !== 0x2f) return undefined;
  const end = target.indexOf("?");
  const path = end < 0 ? target : target.slice(0, end);
  if (trick.test(path) || !isUtf8(path)) return undefined;
  return end >= 0 && queryTrick.test(target) ? undefined : path;
};

/** Escapes that aren't UTF-8 have no meaning that two programs would agree on. */
const isUtf8 = (path: string): boolean => {
  if (!path.includes("%")) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
};
