import { createFarewellClock } from "../agent/farewells.ts";
import { systemClock } from "../core/clock.ts";
import type { Service } from "../core/service.ts";
import type { House } from "./house.ts";

/** Takes away everything of whoever asked for it; files are the part that is not in the database. */
export const createFarewellService = ({
  store,
  files,
  log,
}: Pick<House, "store" | "files" | "log">): Service =>
  createFarewellClock({
    farewells: store.farewells,
    files: files.store,
    now: systemClock.now,
    log: log.child({ room: "agent" }),
  });
