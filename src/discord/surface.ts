import type { Client, REST } from "discord.js";
import { loadCalendar } from "../lib/calendar.ts";
import type { Answers } from "./answers.ts";
import { createAnnouncementButtons } from "./announcement-buttons.ts";
import { createApprovalButtons } from "./approval-buttons.ts";
import { inviteUrl } from "./check.ts";
import { accessTokenActions, listTokens, makeToken } from "./commands/access-tokens.ts";
import { channel } from "./commands/channel.ts";
import { defineGroup, type CommandGroup } from "./commands/define-command.ts";
import type { Menu } from "./commands/define-menu.ts";
import { doctor } from "./commands/doctor.ts";
import { emailGroup } from "./commands/email.ts";
import { createEmailPress } from "./commands/email-press.ts";
import { exportAll, farewellActions, forgetMe } from "./commands/farewell.ts";
import { backupGroup } from "./commands/backup.ts";
import { skillsGroup } from "./commands/skills.ts";
import { googleGroup } from "./commands/google.ts";
import { sandboxGroup } from "./commands/sandbox.ts";
import { help } from "./commands/help.ts";
import { info } from "./commands/info.ts";
import { mcpGroup } from "./commands/mcp.ts";
import { createMcpQuestionPress, mcpQuestionActions } from "./commands/mcp-question.ts";
import { modelGroup } from "./commands/model.ts";
import { rememberThis, whatYouKnow } from "./commands/memory-menu.ts";
import { memoryGroup } from "./commands/memory.ts";
import { poll } from "./commands/poll.ts";
import { remind, remindMenu } from "./commands/remind.ts";
import { createRemindPress } from "./commands/remind-press.ts";
import { createSchedulePress } from "./commands/schedule-press.ts";
import { settingsGroup } from "./commands/settings.ts";
import { setup, setupActions } from "./commands/setup.ts";
import { usageGroup } from "./commands/usage.ts";
import { createFollowUpButton } from "./follow-up-press.ts";
import type { DiscordDeps } from "./index.ts";
import type { StandingButton } from "./interact/standing.ts";
import { catchUpGroup, menus, type MenuDeps } from "./menus/all.ts";
import type { Modes } from "./modes.ts";
import type { DiscordOptions } from "./options.ts";
import { createOwnRights } from "./own-rights.ts";
import type { Places } from "./places.ts";
import { createReceiptButtons } from "./receipt-press.ts";
import { createStopButton } from "./stop-button.ts";

interface Parts {
  readonly client: () => Client;
  readonly rest: REST;
  readonly modes: Modes;
  readonly places: Places;
  readonly answers: Pick<Answers, "access" | "posts" | "attachments" | "guildLog">;
  readonly menu: Omit<MenuDeps, keyof DiscordDeps | "modes" | "models">;
}

/** Everything that a person can run, open or press, beside talking. */
export interface Surface {
  readonly groups: readonly CommandGroup[];
  readonly menus: readonly Menu[];
  readonly standing: readonly StandingButton[];
}

export function createSurface(
  deps: DiscordDeps,
  options: DiscordOptions,
  { client, rest, modes, places, answers, menu }: Parts,
): Surface {
  const models = () => deps.info().models;
  const { guildLog } = answers;
  const menuDeps: MenuDeps = { ...deps, ...menu, modes, models };
  const setupDeps = {
    setup: deps.setup,
    botName: options.botName,
    inviteUrl() {
      const id = client().application?.id;
      return id === undefined ? null : inviteUrl(id);
    },
  };
  const reminding = { ...deps, calendar: loadCalendar, poke: deps.pokeReminders };
  const pingMs = () => client().ws.ping;
  const clara = defineGroup({
    name: "clara",
    offer: "anywhere",
    description: "Help, information and settings",
    commands: [
      help(options),
      info({ ...deps, ...options, startedAt: deps.clock.now(), pingMs }),
      channel({ modes, places, guildLog }),
      doctor({ ...deps, ...options, modes, rules: options, own: createOwnRights(client) }),
      setup(setupDeps),
      exportAll(deps),
      forgetMe(deps),
      makeToken(deps),
      listTokens(deps),
    ],
    actions: [
      ...setupActions(setupDeps),
      ...farewellActions(deps),
      ...mcpQuestionActions(deps),
      ...accessTokenActions(deps),
    ],
  });
  return {
    groups: [
      clara,
      modelGroup({ ...deps, models, guildLog }),
      usageGroup(deps),
      settingsGroup({ ...deps, ...answers, modes }),
      catchUpGroup(menuDeps),
      remind(reminding),
      memoryGroup({ ...deps, ...answers }),
      poll({ ...answers, createKey: deps.createControlId }),
      ...(deps.google ? [googleGroup({ google: deps.google })] : []),
      skillsGroup({ ...deps, ...answers }),
      ...(deps.mcp ? [mcpGroup(deps.mcp)] : []),
      ...(deps.sandbox ? [sandboxGroup(deps.sandbox)] : []),
      ...(deps.backups ? [backupGroup({ backups: deps.backups })] : []),
      ...(deps.email ? [emailGroup(deps.email)] : []),
      ...(deps.groups ?? []),
    ],
    menus: [
      ...menus(menuDeps),
      remindMenu(),
      rememberThis(deps),
      whatYouKnow(deps),
      ...(deps.menus ?? []),
    ],
    standing: [
      createStopButton(deps),
      createFollowUpButton({ ...deps, rest }),
      createApprovalButtons({ ...deps, rest, guildLog }),
      createReceiptButtons({ ...deps, rest }),
      createAnnouncementButtons([
        createRemindPress(reminding),
        createSchedulePress(deps),
        createMcpQuestionPress(deps),
        ...(deps.email ? [createEmailPress(deps.email)] : []),
      ]),
    ],
  };
}
