import { createHash } from "node:crypto";

/** SHA-256, hex: seat-reservation stores and compares nothing else of a guest's token. */
export const hashLockToken = (lockToken: string): string =>
  createHash("sha256").update(lockToken).digest("hex");
