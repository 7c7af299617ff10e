import { randomUUIDv7 } from "node:crypto";
import { systemClock } from "../core/clock.ts";
import type { Tool } from "../core/tool.ts";
import { pause } from "../lib/pause.ts";
import type { Door } from "../mcp/serve/door.ts";
import type { DoorHttp } from "../mcp/serve/http.ts";
import type { House } from "./house.ts";

/** What of all that she can do is a person's own, and makes sense to a program. */
const OFFERED: ReadonlySet<string> = new Set([
  "recall",
  "remember",
  "correct",
  "forget",
  "list_local_files",
  "read_local_file",
  "save_to_local",
  "delete_local_file",
  "list_reminders",
  "remind_me",
  "cancel_reminder",
]);

/** The same for the window, by the names under which it is reached. */
export async function openDoorHttp(
  house: Pick<House, "config" | "log">,
  door: () => Promise<Door>,
): Promise<DoorHttp> {
  const { createDoorHttp } = await import("../mcp/serve/http.ts");
  const { windowUrl } = house.config.mcpSignIn;
  const hosts = windowUrl === null ? [] : [new URL(windowUrl).hostname];
  return createDoorHttp({ door: await door(), log: house.log.child({ room: "mcp" }) }, { hosts });
}

/** Where people's own programs come in. The protocol's library is loaded with it, when the first of them comes. */
export async function openDoor(
  { store, outward, config }: Pick<House, "store" | "outward" | "config">,
  tools: readonly Tool[],
  poke: () => void,
): Promise<Door> {
  const { createDoor } = await import("../mcp/serve/door.ts");
  const { askClara } = await import("../mcp/serve/ask-clara.ts");
  const { botName, version } = config;
  const asking = { ...store, clock: systemClock, createId: randomUUIDv7, pause, poke };
  const offered = [...tools.filter(({ name }) => OFFERED.has(name)), askClara(asking, botName)];
  return createDoor(
    {
      tokens: store.accessTokens,
      acquaintances: store.acquaintances,
      tools: () => offered,
      cleanText: outward.cleanText,
      clock: systemClock,
    },
    { botName, version },
  );
}
