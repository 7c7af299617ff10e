import type { Clock } from "../../core/clock.ts";
import type { MemoryStore } from "../../core/memory.ts";
import { defineGroup, type CommandGroup } from "./define-command.ts";
import { exportMemories, fileActions, importMemories } from "./memory-files.ts";
import { forgetActions, forgetAllMemories, forgetMemory } from "./memory-forget.ts";
import { listActions, listMemories } from "./memory-list.ts";
import { pinMemory, showActions, showMemory } from "./memory-show.ts";
import { modeCommands, neverLearn, wishActions } from "./memory-wishes.ts";

export interface MemoryCommandDeps {
  readonly memories: MemoryStore;
  readonly clock: Clock;
}

/** `/memory`: what she knows of a person, in that person's hands. All of it is read by that person alone. */
export const memoryGroup = (deps: MemoryCommandDeps): CommandGroup =>
  defineGroup({
    name: "memory",
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
      importMemories(),
    ],
    actions: [
      ...listActions(deps),
      ...showActions(deps),
      ...forgetActions(deps),
      ...wishActions(deps),
      ...fileActions(deps),
    ],
  });
