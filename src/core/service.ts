/** What lives. `run` resolves when drained after the signal, and rejects when broken. */
export interface Service {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<void>;
}
