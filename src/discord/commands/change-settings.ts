import type { OwnSettings } from "../../agent/own-settings.ts";
import type { Settings, SettingsHolder, SettingsStore } from "../../core/settings.ts";
import type { ChannelMode } from "../../core/stores.ts";
import { modeOf } from "../gate.ts";
import type { GuildLog } from "../guild-log.ts";
import type { Modes } from "../modes.ts";
import type { CommandContext } from "./define-command.ts";
import { NAMES } from "./places.ts";
import { changeLines } from "./settings-words.ts";

export interface SettingsDeps {
  readonly settings: Pick<SettingsStore, "of" | "change">;
  /** Tells whoever keeps settings in mind that they were changed. */
  readonly ownSettings: Pick<OwnSettings, "changed">;
  readonly guildLog: Pick<GuildLog, "tell">;
}

/** Sets it, tells the server's admins, and gives what became of what, a line each. */
export async function changeSettings(
  deps: SettingsDeps,
  context: CommandContext,
  holder: SettingsHolder,
  values: Partial<Settings>,
): Promise<readonly string[]> {
  const { scope, conversation } = context;
  const before = (await deps.settings.of(scope, conversation))[holder];
  await deps.settings.change(scope, conversation, holder, values);
  const after = { ...before, ...values };
  tellChange(deps, context, holder, before, after);
  return changeLines(before, after);
}

/** Of what was changed in the store. */
export function tellChange(
  { ownSettings, guildLog }: Pick<SettingsDeps, "ownSettings" | "guildLog">,
  { scope, conversation }: CommandContext,
  holder: SettingsHolder,
  before: Settings,
  after: Settings,
): void {
  ownSettings.changed();
  const told = changeLines(before, after, { isLog: true });
  // What a person set for himself is nobody else's business.
  if (holder !== "person" && told.length > 0)
    guildLog.tell(
      conversation.guildId,
      `⚙️ ${mention(scope.principal.userId)} changed ${placeName(holder, conversation)}: ${told.join("; ")}`,
    );
}

/** Sets what she does in this channel, tells the server's admins, and gives what became of what. */
export async function setMode(
  {
    modes,
    guildLog,
  }: Pick<SettingsDeps, "guildLog"> & { readonly modes: Pick<Modes, "all" | "set"> },
  { scope, conversation }: CommandContext,
  mode: ChannelMode,
): Promise<string> {
  const before = modeOf(modes.all(), conversation);
  await modes.set(scope, conversation.channelId, mode);
  const line = `Mode: ${before} → ${mode}`;
  guildLog.tell(
    conversation.guildId,
    `⚙️ ${mention(scope.principal.userId)} changed <#${conversation.channelId}>: ${line}`,
  );
  return line;
}

export const mention = (userId: string): string => `<@${userId.slice(userId.indexOf(":") + 1)}>`;

/** Which place a setting is of, for readers who are elsewhere. */
export const placeName = (
  holder: "channel" | "guild",
  { channelId, parentId }: CommandContext["conversation"],
): string => (holder === "guild" ? NAMES.guild : `<#${parentId ?? channelId}>`);
