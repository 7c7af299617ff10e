/** Who does something now that only one may do at a time, in all processes. */
export interface Locks {
  /** False while another holder has it. It ends by itself after `forMs`. */
  readonly take: (name: string, holder: string, forMs: number) => Promise<boolean>;
  readonly release: (name: string, holder: string) => Promise<void>;
}
