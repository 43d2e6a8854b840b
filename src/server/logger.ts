import { type DestinationStream, destination, type Logger as PinoLogger, pino } from "pino";
import { maskSecrets, maskText } from "./mask.ts";

export type Logger = PinoLogger;

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * The server's log: JSON lines on standard error, without secrets. Fields whose names speak of secrets are masked at
 * any depth, and tokens in any text; what comes in is never changed.
 */
export function createLogger(level: LogLevel, to: DestinationStream = destination(2)): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => maskSecrets(fields),
      },
      hooks: { streamWrite: maskText },
    },
    to,
  );
}
