import { createFarewellClock } from "../agent/farewells.ts";
import { systemClock } from "../core/clock.ts";
import { aloneScope } from "../core/principal.ts";
import type { Service } from "../core/service.ts";
import { googleGoodbye } from "../tools/google/goodbye.ts";
import type { House } from "./house.ts";

/** Takes away everything of whoever asked for it; files are not in the database, and Google is told. */
export const createFarewellService = ({
  store,
  files,
  google,
  mcpSignIn,
  sandbox,
  log,
}: Pick<House, "store" | "files" | "google" | "mcpSignIn" | "sandbox" | "log">): Service =>
  createFarewellClock({
    farewells: store.farewells,
    files: files.store,
    goodbyes: [
      ...(google === null ? [] : [googleGoodbye(google.connection)]),
      mcpSignIn.goodbye,
      ...(sandbox === null ? [] : [sandbox.goodbye]),
    ],
    // The only place where one can ask for it.
    scopeOf: (person) => aloneScope("discord", person),
    now: systemClock.now,
    log: log.child({ room: "agent" }),
  });
