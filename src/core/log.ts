export type LogFields = Readonly<
  Record<string, string | number | boolean | null | undefined | Error>
>;

/**
 * What a room needs of a logger; pino fits. Fields are ids and figures, never a message's text, a token or an address.
 * error = someone must look, warn = it healed, info = one line per turn, debug = anything.
 */
export interface Log {
  readonly error: (fields: LogFields, event: string) => void;
  readonly warn: (fields: LogFields, event: string) => void;
  readonly info: (fields: LogFields, event: string) => void;
  readonly debug: (fields: LogFields, event: string) => void;
  readonly child: (fields: LogFields) => Log;
}

const nothing = (): void => {};

/** For tests, and where nobody listens. */
export const silentLog: Log = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  child: () => silentLog,
};
