/** The CRM of one company, as far as Qontak's answers show it. Rows are as they are stored: names of others are looked up. */
export interface Crm {
  readonly now: () => Date;
  readonly users: readonly User[];
  readonly tables: Readonly<Record<Table, Stored[]>>;
  readonly pipelines: readonly Stored[];
  readonly stages: readonly Stored[];
  readonly ticketPipelines: readonly TicketPipeline[];
  readonly categories: Stored[];
  /** What names stand for: sources, statuses, priorities, ... */
  readonly choices: Readonly<Record<string, readonly Named[]>>;
  readonly templates: Record<Templated, readonly Stored[]>;
  readonly events: Event[];
  readonly moves: Move[];
  readonly chats: readonly Chat[];
  /** As they were set last, by deal. */
  readonly permissions: Map<number, readonly unknown[]>;
  lastId: number;
  /** Also filters that are not documented; whether the real Qontak does, nobody knows. */
  hearsEveryFilter: boolean;
}

export type Stored = Record<string, unknown>;

export interface Named {
  readonly id: number;
  readonly name: string;
}

export interface User extends Named {
  readonly email: string;
  readonly team: string;
}

export interface TicketPipeline extends Named {
  readonly stages: readonly Named[];
}

export const TEMPLATED = ["contacts", "companies", "deals", "tickets", "tasks"] as const;
export type Templated = (typeof TEMPLATED)[number];
export const TABLES = [...TEMPLATED, "notes", "products", "products_association"] as const;
export type Table = (typeof TABLES)[number];

/** Something that happened to a record. */
export interface Event {
  readonly table: Table;
  readonly of: number;
  readonly who: string;
  readonly what: string;
  readonly when: Date;
}

export interface Move {
  readonly deal: number;
  readonly from: number | null;
  readonly to: number;
  readonly by: string;
  readonly when: Date;
}

export interface Chat {
  readonly table: "contacts" | "deals";
  readonly of: number;
  readonly room: string;
  readonly lines: readonly {
    readonly user: string;
    readonly message: string;
    readonly at: string;
    readonly type: "customer" | "agent";
  }[];
}

export const isTable = (name: string): name is Table => TABLES.some((table) => table === name);
export const isTemplated = (name: string): name is Templated =>
  TEMPLATED.some((table) => table === name);

export const rowOf = (crm: Crm, table: Table, id: unknown): Stored | null =>
  crm.tables[table].find((row) => String(row["id"]) === String(id)) ?? null;

export const nameIn = (list: readonly Named[] | undefined, id: unknown): string | null =>
  list?.find((each) => each.id === Number(id))?.name ?? null;

export const slugOf = (name: unknown): string =>
  String(name)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
