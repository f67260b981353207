import express, { type RequestHandler } from "express";

/**
 * Reads the body as bytes whatever its content type: `ab -p` posts JSON as text/plain, and webhooks are signed over
 * the bytes. Parsing comes later, by the operation's contract. Over the limit: 413 by the error handler.
 */
export const readBody = (limitBytes: number): RequestHandler =>
  express.raw({ type: () => true, limit: limitBytes });

/** The bytes that `readBody` left; empty where the request had no body. */
export const bodyBytes = (body: unknown): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.alloc(0);
