import type { ValuesOf, Variables } from "./variable.ts";
import { discordVariables } from "./variables/discord.ts";
import {
  fileVariables,
  identityVariables,
  runningVariables,
  storeVariables,
  webVariables,
} from "./variables/house.ts";
import { limitVariables } from "./variables/limits.ts";
import { modelVariables } from "./variables/models.ts";

/** Every variable that Clara reads. */
export const variables = {
  ...modelVariables,
  ...identityVariables,
  ...discordVariables,
  ...limitVariables,
  ...storeVariables,
  ...fileVariables,
  ...webVariables,
  ...runningVariables,
};

export type Values = ValuesOf<typeof variables>;

/** The same in the order and with the headings of .env.example and docs/CONFIGURATION.md. */
export const chapters: readonly { readonly title: string; readonly variables: Variables }[] = [
  { title: "Models", variables: modelVariables },
  { title: "Who she is", variables: identityVariables },
  { title: "Discord", variables: discordVariables },
  { title: "Limits and budgets", variables: limitVariables },
  { title: "The store", variables: storeVariables },
  { title: "Files of people", variables: fileVariables },
  { title: "The web page", variables: webVariables },
  { title: "Running", variables: runningVariables },
];
