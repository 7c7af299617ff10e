import { sql, type SQL } from "drizzle-orm/sql";
import { LeaseLost, type Lease } from "../core/turn.ts";

/** Every write of a turn carries its generation: one that is no longer the newest finds no row to change. */
export const isHeld = ({ turnId, generation }: Lease): SQL =>
  sql`turns.id = ${turnId} and turns.generation = ${generation} and turns.state = 'running'`;

export const lost = ({ turnId }: Lease): LeaseLost =>
  new LeaseLost(`${turnId} belongs to another generation`);
