import type { RequestHandler } from "express";
import type { Route } from "../http/bind.ts";

/**
 * Answers the OpenAPI document of the routes that this process really has. Made at the first request, library included: hardly any
 * pod is ever asked.
 */
export const serveDocument = (routes: readonly Route[]): RequestHandler => {
  let text: Promise<string> | undefined;
  return async (_request, response) => {
    text ??= documentOf(routes);
    response.set("Content-Type", "application/json").send(Buffer.from(await text));
  };
};

const documentOf = async (routes: readonly Route[]): Promise<string> => {
  const { createDocument } = await import("./create-document.ts");
  const document = createDocument({
    title: "Jatra: one service",
    description: "The operations of this process.",
    groups: [{ name: "service", operations: routes.map((route) => route.operation) }],
  });
  return JSON.stringify(document);
};
