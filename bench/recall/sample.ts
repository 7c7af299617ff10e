/** One conversation with questions about it, whoever wrote it. */
export interface Sample {
  readonly id: string;
  readonly turns: readonly SampleTurn[];
  readonly questions: readonly SampleQuestion[];
}

export interface SampleTurn {
  readonly id: string;
  readonly speaker: string;
  readonly text: string;
  readonly at: Date;
}

export interface SampleQuestion {
  readonly text: string;
  /** Turns that answer it; never empty. */
  readonly evidence: readonly string[];
  readonly category: string;
}
