/** What the time is; the program passes the real one, a test its own. */
export interface Clock {
  readonly now: () => Date;
}
