import type { Config } from "./shape.ts";

/** What a person sees at start, a line each: where to look, what is on, what is off and why. */
export const bannerOf = (config: Config): readonly string[] => [
  `${config.botName} ${config.version}`,
  ...config.rooms.map(
    ({ name, isOn, says, advice }) =>
      `  ${(isOn ? name : `${name} (off)`).padEnd(14)} ${says}${advice === null ? "" : `; ${advice}`}`,
  ),
  ...addressOf(config),
  ...config.misspelt.map(({ name, meant }) => `  ${name} is not known: did you mean ${meant}?`),
  ...unusedNames(config),
];

function addressOf({ web }: Config): readonly string[] {
  if (web === null || web.port === 0) return [];
  // Nobody can open 0.0.0.0 in a browser.
  const host = ["0.0.0.0", "::"].includes(web.host) ? "127.0.0.1" : web.host;
  return [`  Open http://${host.includes(":") ? `[${host}]` : host}:${web.port}/`];
}

const unusedNames = ({ unused }: Config): readonly string[] =>
  unused.length === 0
    ? []
    : [`  Set, but not used yet: ${unused.map(({ name }) => name).join(", ")}`];
