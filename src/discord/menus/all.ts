import { catchUpAll, catchUpHere, type CatchUpDeps } from "../commands/catch-up.ts";
import { defineGroup, type CommandGroup } from "../commands/define-command.ts";
import type { Menu } from "../commands/define-menu.ts";
import { askAbout, askAboutAction, askAboutForm, type AskDeps } from "./ask-about.ts";
import type { ExplainDeps } from "./explain-answer.ts";
import { setModeAction, type SilentDeps } from "./explain-silence.ts";
import { explainWhy } from "./explain-why.ts";
import { summariseHere, type SummariseDeps } from "./summarise-here.ts";

export type MenuDeps = ExplainDeps & SilentDeps & AskDeps & SummariseDeps & CatchUpDeps;

/** Three of the five entries that Discord allows in the menu of a message. */
export const menus = (deps: MenuDeps): readonly Menu[] => [
  explainWhy(deps),
  askAbout(),
  summariseHere(deps),
];

/** `/catchup all` and `/catchup here`, and what the controls of the menus above lead to. */
export const catchUpGroup = (deps: MenuDeps): CommandGroup =>
  defineGroup({
    name: "catchup",
    description: "What happened while you were away",
    commands: [catchUpAll(deps), catchUpHere(deps)],
    actions: [askAboutForm(), askAboutAction(deps), setModeAction(deps)],
  });
