import type { Config, ConfigError } from "../../config.ts";
import { broken, ok, warning, type Check } from "./check.ts";

export const checkConfiguration = (config: Config | ConfigError): Check => ({
  name: "configuration",
  async run() {
    if (config instanceof Error)
      return broken(
        `${config.problems.length} of the settings cannot be used; most of the other checks wait for them`,
        ...config.problems.map(({ name, says }) => `${name} ${says}.`),
      );
    const unused = config.unused.map(({ name, feature }) => `${name} (${feature})`);
    const says = unused.length > 0 ? `fine; not used yet: ${unused.join(", ")}` : "fine";
    if (config.misspelt.length === 0) return ok(says);
    return warning(
      "some names look misspelt, and are not read",
      ...config.misspelt.map(({ name, meant }) => `${name}: did you mean ${meant}?`),
    );
  },
});
