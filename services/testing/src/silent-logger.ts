import { createLogger } from "@jatra/common/logging/logger.ts";

/** For tests that provoke errors on purpose; `JATRA_TEST_LOG_LEVEL=debug` lets them speak. */
export const silentLogger = createLogger("test", process.env["JATRA_TEST_LOG_LEVEL"] ?? "silent");
