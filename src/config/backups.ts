import { join } from "node:path";
import type { BackupSchedule } from "../backup/index.ts";
import type { S3Settings } from "../files/index.ts";
import type { ProblemList } from "./problems.ts";
import type { Values } from "./variables.ts";

export interface BackupSettings {
  /** null: none by itself. */
  readonly schedule: BackupSchedule | null;
  readonly keptDays: number;
  readonly place:
    | { readonly kind: "folder"; readonly dir: string }
    | { readonly kind: "bucket"; readonly s3: S3Settings };
  readonly withSecrets: boolean;
  readonly beforeUpgrade: boolean;
}

const HOUR_MS = 3_600_000;

/** When copies of everything are made, and where they lie. */
export const toBackups = (values: Values, problems: ProblemList): BackupSettings => ({
  schedule:
    values.BACKUP_CRON_SCHEDULE === null
      ? null
      : {
          cron: values.BACKUP_CRON_SCHEDULE,
          timeZone: values.DEFAULT_TIMEZONE,
          protectionMs: values.FORCE_BACKUP ? 0 : values.RESPAWN_PROTECTION_HOURS * HOUR_MS,
        },
  keptDays: values.BACKUP_RETENTION_DAYS,
  place: toPlace(values, problems),
  withSecrets: values.BACKUP_SECRETS,
  beforeUpgrade: values.BACKUP_BEFORE_UPGRADE,
});

function toPlace(values: Values, problems: ProblemList): BackupSettings["place"] {
  const folder = values.BACKUP_LOCAL_DIR ?? join(values.CLARA_DATA_DIR, "backups");
  const bucket = values.BACKUP_S3_BUCKET;
  const s3 = bucket === null ? null : toS3(values, bucket, "BACKUP_S3_BUCKET", problems);
  return s3 === null ? { kind: "folder", dir: folder } : { kind: "bucket", s3 };
}

/** null, and two problems, when there is no key. */
export function toS3(
  values: Values,
  bucket: string,
  wantedBy: string,
  problems: ProblemList,
): S3Settings | null {
  const { S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey } = values;
  if (accessKey === null) problems.add("S3_ACCESS_KEY", `is needed with ${wantedBy}`);
  if (secretKey === null) problems.add("S3_SECRET_KEY", `is needed with ${wantedBy}`);
  if (accessKey === null || secretKey === null) return null;
  const { S3_ENDPOINT_URL: endpointUrl, S3_REGION: region } = values;
  return { accessKey, secretKey, endpointUrl, region, bucket };
}
