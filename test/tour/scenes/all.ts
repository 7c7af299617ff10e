import type { Scene } from "../scene.ts";
import { copies, costs, doctor, refusals, restart, settings } from "./keeping.ts";
import {
  farewell,
  google,
  mail,
  memory,
  plugIns,
  poll,
  programs,
  reminders,
  skills,
} from "./own.ts";
import { catchUp, files } from "./reading.ts";
import { changing, direct, firstStart, help, question, queue, thread } from "./talking.ts";
import { approval, toolRules, why } from "./tools.ts";

/** In the order in which they are played: each may build on those before. */
export const SCENES: readonly Scene[] = [
  firstStart,
  help,
  question,
  thread,
  direct,
  queue,
  changing,
  approval,
  why,
  files,
  catchUp,
  reminders,
  poll,
  memory,
  skills,
  settings,
  toolRules,
  costs,
  google,
  plugIns,
  mail,
  programs,
  doctor,
  copies,
  refusals,
  restart,
  farewell,
];
