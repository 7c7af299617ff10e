import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import { asError } from "../../lib/as-error.ts";
import type { Engine } from "./engine.ts";
import { HOUSE_LABEL, UNTIL_LABEL } from "./container-options.ts";

/** From its making until it runs a container looks as if it had ended. */
const YOUNG_SECONDS = 60;

const CONTAINERS = z.array(
  z.looseObject({
    Id: z.string(),
    State: z.string(),
    Created: z.number(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
);

interface Deps {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Log;
}

/** Removes what an earlier life of this house left: what does not run, and what runs past its time. Gives how many. */
export async function removeLeftOver({ engine, clock, log }: Deps, house: string): Promise<number> {
  const docker = await engine();
  const label = [`${HOUSE_LABEL}=${house}`];
  const found = CONTAINERS.parse(await docker.listContainers({ all: true, filters: { label } }));
  const now = clock.now().getTime() / 1_000;
  const old = found.filter(({ State, Created, Labels }) =>
    State === "running" ? now > Number(Labels?.[UNTIL_LABEL] ?? 0) : now - Created > YOUNG_SECONDS,
  );
  for (const { Id } of old)
    await docker
      .getContainer(Id)
      .remove({ force: true })
      .catch((error: unknown) => log.warn({ error: asError(error) }, "sandbox-not-removed"));
  if (old.length > 0) log.info({ count: old.length }, "sandboxes-cleared-up");
  return old.length;
}
