import { REST } from "discord.js";
import { Routes } from "discord-api-types/v10";
import { z } from "zod";
import type { Clock } from "../core/clock.ts";
import type { AttachmentSource } from "../core/files.ts";
import type { Fault } from "../core/fault.ts";
import type { Log } from "../core/log.ts";
import type { Outlet } from "../core/outlet.ts";
import type { Service } from "../core/service.ts";
import { asError } from "../lib/as-error.ts";
import { pause } from "../lib/pause.ts";
import { untilAborted } from "../lib/until-aborted.ts";
import { WrongSettings } from "../lib/wrong-settings.ts";
import type { DiscordOptions } from "./options.ts";
import { createDiscordAttachments } from "./attachments.ts";
import { createDiscordOutlet } from "./outlet.ts";
import { restOptions } from "./rest.ts";
import type { Snowflake } from "./snowflake.ts";
import { createTyping, type Typing } from "./typing.ts";

const PAUSE_MS = 5_000;

export interface AnswersDeps {
  readonly clock: Clock;
  readonly fault: Fault;
  readonly log: Log;
  /** Takes secrets out of whatever is sent to Discord; see RestDeps. */
  readonly cleanText?: (text: string) => string;
}

/** Everything that leaves for Discord goes through here. */
export interface Answers {
  readonly rest: REST;
  readonly restOptions: ReturnType<typeof restOptions>;
  readonly typing: Typing;
  readonly outlet: Outlet;
  /** Rejects when Discord refuses the token. */
  readonly attachments: AttachmentSource;
  readonly refused: Promise<never>;
}

const TOKEN_REFUSED =
  "Discord does not accept DISCORD_BOT_TOKEN any more. Reset the token at https://discord.com/developers/applications and set the new one.";

export function createAnswers(
  { clock, fault, log, cleanText = (text) => text }: AnswersDeps,
  { token, apiBase, answerButtons }: Pick<DiscordOptions, "token" | "apiBase" | "answerButtons">,
  selfId: () => Snowflake,
): Answers {
  const refusal = Promise.withResolvers<never>();
  refusal.promise.catch(() => {}); // Waited for by whoever runs.
  const onUnauthorised = () => refusal.reject(new WrongSettings(TOKEN_REFUSED));
  const shared = restOptions({ clock, log, cleanText, onUnauthorised }, { apiBase });
  const rest = new REST(shared).setToken(token);
  const typing = createTyping({ rest, clock });
  const attachments = createDiscordAttachments({ rest, fetch: globalThis.fetch, apiBase });
  const outlet = createDiscordOutlet({ rest, typing, selfId, answerButtons, fault, log });
  return { rest, restOptions: shared, typing, outlet, attachments, refused: refusal.promise };
}

const me = z.object({ id: z.string().regex(/^\d+$/) });

/** Answers without a gateway: for a process that only works on turns which another one has taken in. */
export function createDiscordAnswers(
  deps: AnswersDeps,
  options: Pick<DiscordOptions, "token" | "apiBase" | "answerButtons">,
): {
  readonly service: Service;
  readonly outlet: Outlet;
  readonly attachments: AttachmentSource;
} {
  let self: Snowflake | null = null;
  const { rest, outlet, attachments, refused } = createAnswers(deps, options, () => {
    if (self === null) throw new Error("Discord has not said yet who we are");
    return self;
  });

  async function learn(signal: AbortSignal): Promise<void> {
    while (self === null && !signal.aborted) {
      try {
        self = me.parse(await rest.get(Routes.user(), { signal })).id;
      } catch (error) {
        deps.log.warn({ error: asError(error) }, "discord-unreachable");
        await pause(PAUSE_MS, signal);
      }
    }
  }

  const service: Service = {
    name: "discord answers",
    async run(signal) {
      await Promise.race([refused, learn(signal).then(() => untilAborted(signal))]);
    },
  };
  return { service, outlet, attachments };
}
