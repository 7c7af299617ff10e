/** How the program ends, for scripts and supervisors. Listed by `clara help`. */
export const EXIT = {
  ok: 0,
  /** Something broke, or the doctor found something broken. */
  failed: 1,
  /** The command line is not understood. */
  usage: 2,
  /** It was told to stop and was not done in time. */
  stuck: 75,
  /** The environment is refused: by this program, or by Discord for good. */
  config: 78,
  /** A second Ctrl-C. */
  interrupted: 130,
  /** A second SIGTERM. */
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
