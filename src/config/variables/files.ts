import { anyText, dollars, flag, httpUrl, secretText, wholeNumber } from "../parsers.ts";
import { optional, secret, withDefault } from "../variable.ts";

export const fileVariables = {
  CLARA_FILES_DIR: optional(
    "Where the files are that people keep. Not set: files in CLARA_DATA_DIR",
    anyText,
  ),
  CLARA_MAX_FILE_SIZE: withDefault(
    "52428800",
    "The largest file that she keeps, in bytes",
    wholeNumber(1, 1_073_741_824),
  ),
  CLARA_FILES_QUOTA: withDefault(
    "1073741824",
    "What the files of one person may come to, in bytes",
    wholeNumber(1, 1_099_511_627_776),
  ),
  S3_ENABLED: withDefault(
    "off",
    "on: files lie in a bucket of a service with S3's interface, not in CLARA_FILES_DIR. Files that are there already do not move by themselves",
    flag,
  ),
  S3_BUCKET: withDefault("clara-files", "The bucket; it must be there", anyText),
  S3_ENDPOINT_URL: withDefault(
    "https://s3.wasabisys.com",
    "The service, for example https://s3.eu-central-1.amazonaws.com or http://minio:9000",
    httpUrl,
  ),
  S3_REGION: withDefault("us-east-1", "The bucket's region", secretText),
  S3_ACCESS_KEY: secret("A key that may read, write and delete in the bucket"),
  S3_SECRET_KEY: secret("Belongs to S3_ACCESS_KEY"),
  DISCORD_MAX_FILE_SIZE: {
    ...withDefault(
      "100000",
      "Characters that one attached text, table or document may put into a question; the rest is cut, with a hint, and can be read on",
      wholeNumber(1_000, 2_000_000),
    ),
    oldName: "DISCORD_MAX_TEXT_FILE_SIZE",
  },
  DISCORD_MAX_DOCUMENT_SIZE: withDefault(
    "20971520",
    "The largest PDF, Word, Excel, OpenDocument, CSV or ZIP file that she reads, in bytes",
    wholeNumber(1_000, 104_857_600),
  ),
  DISCORD_MAX_IMAGE_DIMENSION: withDefault(
    "1568",
    "Pixels of a picture's longer side; larger ones are made smaller for the model",
    wholeNumber(64, 8_000),
  ),
  DISCORD_MAX_IMAGE_SIZE: withDefault(
    "4194304",
    "Bytes of a picture once it was made smaller; what is larger is not shown to the model",
    wholeNumber(10_000, 20_971_520),
  ),
  DISCORD_MAX_IMAGES_PER_REQUEST: optional(
    "Nothing: all pictures of a question are looked at together. Still known, for old settings",
    anyText,
  ),
};

export const speechVariables = {
  TRANSCRIPTION_API_KEY: secret(
    "Lets her hear voice messages and recordings. Not set: OPENAI_API_KEY, unless TRANSCRIPTION_BASE_URL names another server",
  ),
  TRANSCRIPTION_BASE_URL: optional(
    "A server with OpenAI's interface for transcriptions; one at home often needs no key. Not set: OpenAI's own, or OPENAI_BASE_URL with OPENAI_API_KEY",
    httpUrl,
  ),
  TRANSCRIPTION_MODEL: {
    ...withDefault("whisper-1", "The model that hears", anyText),
    oldName: "VOICE_STT_MODEL",
  },
  TRANSCRIPTION_USD_PER_MINUTE: withDefault(
    "0.006",
    "What a minute of sound costs, for the budgets; at home 0.000001 is as good as nothing",
    dollars,
  ),
  TRANSCRIPTION_MAX_SECONDS: withDefault(
    "900",
    "How long a recording may be; one whose length nobody tells is limited by its size (25 MB)",
    wholeNumber(1, 14_400),
  ),
};
