/** Request targets that no honest client sends: each is refused with 400 before any service sees it. */
export const pathTricks: readonly string[] = [
  "/api/trains/../../internal/journeys",
  "/api/trains/%2e%2e/x",
  "/api/trains/..%2f..%2finternal",
  "/api/trains/%5c..%5cinternal",
  "/api//trains",
  "//internal/journeys",
  "/api/trains/%00",
  "/api/trains/%zz",
  "/api/trains/%c0%af",
  "/api/trains#x",
  "/api/trains\\x",
  "http://schedule-service:3002/internal/journeys",
  "*",
];
