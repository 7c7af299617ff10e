/**
 * Where cached values lie, as text. A key is `tenant:kind:rest`; a group is the beginning of keys, with its colon:
 * `tenant:` or `tenant:kind:`.
 */
export interface CacheStore {
  readonly get: (key: string) => Promise<string | null>;
  readonly set: (key: string, value: string, ttlMs: number) => Promise<void>;
  /** Another text after one of the groups was forgotten; it is part of the keys. */
  readonly generation: (groups: readonly string[]) => Promise<string>;
  /** Nobody reads what was cached in the group until now. How many there were. */
  readonly forget: (group: string) => Promise<number>;
  readonly count: (group: string) => Promise<number>;
}
