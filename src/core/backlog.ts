/** What waits in the store, in figures. */
export interface Backlog {
  readonly queued: number;
  readonly running: number;
  readonly delivering: number;
  /** How long the oldest of the queued has waited; 0 when there is none. */
  readonly oldestQueuedSeconds: number;
  /** Parts of answers that are planned and not sent, or sent and to be removed. */
  readonly pendingParts: number;
}
