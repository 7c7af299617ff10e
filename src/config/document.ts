import { laterFeature, laterNames } from "./later.ts";
import type { Variable } from "./variable.ts";
import { chapters } from "./variables.ts";

const ENV_HEAD = `# Clara's settings. Copy this file to .env and take the "# " away from what you want to set; every line may stay out.
# What stands behind a name is its default. Written by "npm run env:example"; docs/CONFIGURATION.md says more.
`;

/** The whole of .env.example. */
export function toEnvExample(): string {
  const parts = chapters.map(({ title, variables }) => {
    const lines = Object.entries(variables)
      .filter(([, { setBy }]) => setBy === "person")
      .map(([name, { help, fallback }]) => `\n# ${help}\n# ${name}=${fallback ?? ""}\n`);
    return `\n\n# --- ${title} ---\n${lines.join("")}`;
  });
  return ENV_HEAD + parts.join("");
}

const PAGE_HEAD = `# Configuration

Clara reads environment variables, and a file \`.env\` beside them. All of them are optional. This page is written by \`npm run env:example\` from the table in \`src/config/variables.ts\`.

- Byte order marks, line ends, white space and one pair of quotes around a value are taken away; an empty value is no value.
- Whatever is wrong is told at once, when Clara starts or by \`npm run doctor\`. She does not start with a wrong value. Values of secrets are never shown.
- A name that is one or two letters away from one of these is a warning.
- A secret may stand in a file instead: \`DISCORD_BOT_TOKEN_FILE=/run/secrets/discord\`, and so for every other one.
- On and off may be written as on/off, true/false, yes/no or 1/0.
`;

/** The whole of docs/CONFIGURATION.md. */
export function toConfigurationPage(): string {
  const parts = chapters.map(({ title, variables }) => {
    const rows = Object.entries(variables)
      .filter(([, { setBy }]) => setBy !== "test")
      .map(([name, variable]) => toRow(name, variable));
    return `\n## ${title}\n\n| Variable | Default | What it is for |\n|---|---|---|\n${rows.join("")}`;
  });
  return PAGE_HEAD + parts.join("") + laterChapter();
}

function toRow(name: string, { help, fallback, isSecret, oldName }: Variable<unknown>): string {
  const notes = [
    help,
    ...(isSecret ? ["Secret"] : []),
    ...(oldName === null ? [] : [`Once \`${oldName}\`, which still works`]),
  ];
  const value = fallback === null ? "" : `\`${fallback}\``;
  return `| \`${name}\` | ${value} | ${notes.join(". ").replaceAll("|", "\\|")} |\n`;
}

function laterChapter(): string {
  const byFeature = Map.groupBy(laterNames, (name) => laterFeature(name));
  const rows = [...byFeature].map(
    ([feature, names]) =>
      `| ${feature ?? ""} | ${names.map((name) => `\`${name}\``).join(" ")} |\n`,
  );
  return `
## Known, but not used yet

The original read these. Clara starts with them, says that they do nothing yet, and will read them when the feature is there.

| For | Variables |
|---|---|
${rows.join("")}`;
}
