import { anyText, cronSchedule, flag, wholeNumber } from "../parsers.ts";
import { optional, withDefault } from "../variable.ts";

export const backupVariables = {
  BACKUP_CRON_SCHEDULE: withDefault(
    "0 3 * * *",
    "When a copy of everything is made, as minute, hour, day, month and weekday in DEFAULT_TIMEZONE; off: never by itself",
    cronSchedule,
  ),
  BACKUP_RETENTION_DAYS: withDefault(
    "7",
    "Older copies are removed; the newest one never is",
    wholeNumber(1, 3_650),
  ),
  RESPAWN_PROTECTION_HOURS: {
    ...withDefault(
      "23",
      "None is made by itself while the newest is younger than so many hours",
      wholeNumber(0, 8_760),
    ),
    oldName: "BACKUP_RESPAWN_HOURS",
  },
  FORCE_BACKUP: withDefault("off", "on: RESPAWN_PROTECTION_HOURS does not count", flag),
  BACKUP_LOCAL_DIR: optional(
    "Where copies lie, best on another disk. Not set: backups in CLARA_DATA_DIR",
    anyText,
  ),
  BACKUP_S3_BUCKET: optional(
    "A bucket for copies in place of a folder, with the S3_* settings; it need not be the one of people's files",
    anyText,
  ),
  BACKUP_SECRETS: withDefault(
    "off",
    "on: copies hold the keys and passwords that people entered, sealed as they are. What opens them, CLARA_SECRET_KEYS or secret.key, is in no copy: keep it apart",
    flag,
  ),
  BACKUP_BEFORE_UPGRADE: withDefault(
    "on",
    "A copy is made before a newer Clara changes the database; when it cannot be made she does not start",
    flag,
  ),
};
