/** SQLSTATE 23505 and 23503: the constraints are what decides between two admins, so their errors become answers. */
export const isDuplicate = (error: unknown): boolean => sqlState(error) === "23505";
export const isReferenceFault = (error: unknown): boolean => sqlState(error) === "23503";

const sqlState = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
