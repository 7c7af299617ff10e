/** What the emulated Google holds: one account, everything in memory, for a test to look at. */
export interface GoogleState {
  email: string;
  readonly codes: Map<string, Code>;
  readonly tokens: Map<string, Token>;
  readonly grants: Map<string, Grant>;
  readonly events: Map<string, EmulatedEvent>;
  readonly files: Map<string, EmulatedFile>;
  /** Mail that Google would have sent, a line each. */
  readonly mail: string[];
  readonly requests: string[];
  readonly faults: Fault[];
  /** Lists give no more at once, whatever they are asked for. */
  maxPage: number;
  /** How long access tokens live. */
  tokenSeconds: number;
  /** With every refresh a new refresh token, and the old one is no longer taken. */
  isRotating: boolean;
  /** Shows a page with a link, as Google does; otherwise it goes back at once. */
  asksPerson: boolean;
  /** What the person ticks; null for all that is asked. */
  ticked: readonly string[] | null;
  nextId: () => string;
  /** Refreshes that worked. */
  refreshes: number;
}

export interface Code {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

export interface Token {
  readonly grant: string;
  readonly expiresAt: number;
}

/** By its refresh token. */
export interface Grant {
  readonly scopes: readonly string[];
  isRevoked: boolean;
}

/** The next answers to requests that match are these. */
export interface Fault {
  readonly on: RegExp;
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  times: number;
}

export type Json = Record<string, unknown>;

export interface EmulatedEvent extends Json {
  readonly id: string;
  readonly calendarId: string;
}

export interface EmulatedFile {
  readonly id: string;
  name: string;
  readonly mimeType: string;
  parents: readonly string[];
  trashed: boolean;
  /** Of a plain file, or the words of a document. */
  content: string;
  /** Rows of a spreadsheet. */
  cells: unknown[][];
  permissions: { readonly emailAddress: string; readonly role: string }[];
  /** Made through this client: all that drive.file may change. */
  readonly isOurs: boolean;
  readonly modifiedTime: string;
}

export function createState(): GoogleState {
  let ids = 0;
  return {
    email: "ana@example.com",
    codes: new Map(),
    tokens: new Map(),
    grants: new Map(),
    events: new Map(),
    files: new Map(),
    mail: [],
    requests: [],
    faults: [],
    maxPage: 100,
    tokenSeconds: 3_600,
    isRotating: false,
    asksPerson: false,
    ticked: null,
    nextId: () => `g${++ids}`,
    refreshes: 0,
  };
}

/** Puts a file there; what is left out is as of somebody else's text file. */
export function addFile(
  state: GoogleState,
  file: Partial<EmulatedFile> & { readonly name: string },
): EmulatedFile {
  const made: EmulatedFile = {
    id: state.nextId(),
    mimeType: "text/plain",
    parents: ["root"],
    trashed: false,
    content: "",
    cells: [],
    permissions: [],
    isOurs: false,
    modifiedTime: "2026-11-01T10:00:00.000Z",
    ...file,
  };
  state.files.set(made.id, made);
  return made;
}
