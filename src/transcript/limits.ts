/**
 * How many rows back an event may reach for a row that is not live: a late delta of a finished block, a second start
 * of a finished tool call. The newest page holds at least this many rows, so a client that has only that page places
 * every event where the server does.
 */
export const LOOK_BACK = 32;

/** Log lines kept in one row; older ones are cut and counted. */
export const LOG_LINES = 1000;
