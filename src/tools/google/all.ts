import type { Clock } from "../../core/clock.ts";
import type { GoogleConnection } from "../../core/google.ts";
import type { Tool } from "../../core/tool.ts";
import { calendarChanges } from "./calendar-changes.ts";
import { calendarReaders } from "./calendar.ts";
import { connectionTools } from "./connection-tools.ts";
import type { GoogleDeps } from "./define.ts";
import { docTools } from "./docs.ts";
import { driveAdders, driveChanges } from "./drive-changes.ts";
import { driveReaders } from "./drive.ts";
import { sheetTools } from "./sheets.ts";

/** All 27. */
export const googleTools = (
  deps: GoogleDeps & { readonly clock: Clock },
  connection: GoogleConnection,
): readonly Tool[] => [
  ...connectionTools(connection),
  ...sheetTools(deps),
  ...driveReaders(deps),
  ...driveAdders(deps),
  ...driveChanges(deps),
  ...docTools(deps),
  ...calendarReaders(deps),
  ...calendarChanges(deps),
];
