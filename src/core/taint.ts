/**
 * Where words came from that neither the person who asks nor Clara wrote. They are data: a turn that has read any of
 * them uses no tool that changes something without a person's click.
 */
export type TaintSource =
  | "web"
  | "mail"
  | "file"
  | "google"
  | "mcp"
  | "bot"
  | "other-person"
  | "sandbox";

export interface Taint {
  readonly source: TaintSource;
  /** For people: a host, a file's name, a tool's name. Never the words themselves. */
  readonly name: string;
}
