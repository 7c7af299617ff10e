import { Faults, seededRandom } from "./faults.ts";
import { Gateway } from "./gateway/gateway.ts";
import { Journal } from "./journal.ts";
import type { Settings } from "./options.ts";
import { type Stage, createStage } from "./people/stage.ts";
import { allRoutes } from "./rest/all-routes.ts";
import { type Pipeline, createPipeline } from "./rest/pipeline.ts";
import { RateLimiter } from "./rest/rate-limit.ts";
import { Interactions } from "./world/interactions.ts";
import { World } from "./world/world.ts";

/** What a Discord is made of, before it has a face. */
export interface Parts {
  readonly world: World;
  readonly stage: Stage;
  readonly gateway: Gateway;
  readonly rest: Pipeline;
  readonly journal: Journal;
  readonly faults: Faults;
}

/** `host` is where it can be reached: `127.0.0.1:8123`. */
export function createParts(settings: Settings, host: string): Parts {
  const { now, token, seed } = settings;
  const world = new World({ ...settings, cdnBase: `http://${host}` });
  const journal = new Journal(now, () => world.changed());
  const faults = new Faults(seededRandom(seed));
  const gateway = new Gateway({ world, journal, token, options: settings, url: `ws://${host}` });
  const interactions = new Interactions(world, settings);
  const rest = createPipeline({
    routes: allRoutes(world, interactions, gateway),
    journal,
    faults,
    limiter: new RateLimiter(settings.rateLimits, now),
    token: () => gateway.token,
  });
  return { world, stage: createStage(world, interactions), gateway, rest, journal, faults };
}
