import type { Clock } from "../../core/clock.ts";
import type { AttachmentSource } from "../../core/files.ts";
import type { GraphStore } from "../../core/graph.ts";
import type { Intentions } from "../../core/intentions.ts";
import type { MemoryStore } from "../../core/memory.ts";
import type { SharedFacts } from "../../core/shared-facts.ts";
import { defineGroup, type CommandGroup } from "./define-command.ts";
import { exportMemories } from "./memory-export.ts";
import { importActions, importMemories } from "./memory-import.ts";
import { forgetActions, forgetAllMemories, forgetMemory } from "./memory-forget.ts";
import { listActions, listMemories } from "./memory-list.ts";
import { listPlans, planActions } from "./memory-plans.ts";
import { listRelations, relationActions } from "./memory-relations.ts";
import { listShared, sharedActions, shareMemory } from "./memory-shared.ts";
import { pinMemory, showActions, showMemory } from "./memory-show.ts";
import { modeCommands, neverLearn, wishActions } from "./memory-wishes.ts";

export interface MemoryCommandDeps {
  readonly memories: MemoryStore;
  readonly sharedFacts: SharedFacts;
  readonly intentions: Pick<Intentions, "list" | "cancel">;
  readonly graph: Pick<GraphStore, "list" | "remove">;
  readonly clock: Clock;
  /** Where attached files come from. */
  readonly attachments: AttachmentSource;
}

/** `/memory`: what she knows of a person, in that person's hands. All of it is read by that person alone. */
export const memoryGroup = (deps: MemoryCommandDeps): CommandGroup =>
  defineGroup({
    name: "memory",
    offer: "anywhere",
    description: "What I remember of you, and what becomes of it",
    commands: [
      listMemories(deps),
      showMemory(deps),
      pinMemory(deps),
      forgetMemory(deps),
      forgetAllMemories(deps),
      ...modeCommands(deps),
      neverLearn(deps),
      exportMemories(deps),
      importMemories(deps),
      shareMemory(deps),
      listShared(deps),
      listPlans(deps),
      listRelations(deps),
    ],
    actions: [
      ...listActions(deps),
      ...showActions(deps),
      ...forgetActions(deps),
      ...wishActions(deps),
      ...importActions(deps),
      ...sharedActions(deps),
      ...planActions(deps),
      ...relationActions(deps),
    ],
  });
