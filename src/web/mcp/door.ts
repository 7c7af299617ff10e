import { Hono } from "hono";

/** Where people's own programs come in; it asks each for its token. */
export interface ProgramDoor {
  readonly fetch: (request: Request) => Promise<Response>;
}

/** `/mcp`. What it needs is loaded when the first program comes. */
export function doorRoutes(open: () => Promise<ProgramDoor>): Hono {
  let opened: Promise<ProgramDoor> | null = null;
  return new Hono().all("/mcp", async (c) => {
    opened ??= open();
    try {
      return await (await opened).fetch(c.req.raw);
    } catch (error) {
      opened = null;
      throw error;
    }
  });
}
