import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bind, type Route } from "@jatra/common/http/bind.ts";
import { Problem } from "@jatra/common/http/problem.ts";
import type { Reply } from "@jatra/common/http/reply.ts";
import { getDocsFile, getOpenApi, showDocs } from "@jatra/contracts/http/api-gateway.ts";
import { page, pagePolicy, startScript } from "./page.ts";

/** The only files of swagger-ui-dist that the page asks for; a path is never made from the request. */
const files: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
};

/** A day: the files change with a release only. */
const cached = { "Cache-Control": "public, max-age=86400" };
const withPolicy = { "Content-Security-Policy": pagePolicy };

/** The page at /api/docs with everything that it loads. `openApi` answers the document's JSON. */
export const docsRoutes = (openApi: () => Promise<Buffer>): readonly Route[] => [
  bind(showDocs, async () => ({
    ...raw(Buffer.from(page), "text/html; charset=utf-8"),
    headers: withPolicy,
  })),
  bind(getOpenApi, async () => raw(await openApi(), "application/json")),
  bind(getDocsFile, async ({ params }) => {
    if (params.file === "start.js") {
      return raw(Buffer.from(startScript), "text/javascript; charset=utf-8");
    }
    const contentType = files[params.file];
    if (contentType === undefined) throw new Problem("not_found");
    return { ...raw(await read(params.file), contentType), headers: cached };
  }),
];

const kept = new Map<string, Promise<Buffer>>();

/** From the second time on from memory: read anew, 1.4 MB for each of a crowd was most of the work of answering it. */
const read = (file: string): Promise<Buffer> => {
  const known = kept.get(file);
  if (known) return known;
  const made = readFile(join(folder(), file));
  kept.set(file, made);
  // The next one tries again.
  made.catch(() => kept.delete(file));
  return made;
};

const raw = (bytes: Buffer, contentType: string): Reply => ({
  status: 200,
  raw: { bytes, contentType },
});

const folder = (): string =>
  join(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"), "..");
