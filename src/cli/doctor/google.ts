import type { Config } from "../../config.ts";
import { off, ok, type Check } from "./check.ts";

/** Whether people can connect their own Google. Asks nobody: whether Google knows the client is seen when somebody connects. */
export const checkGoogle = ({ google }: Config): Check => ({
  name: "google",
  async run() {
    return google.isOn
      ? ok(`people can connect it; at Google's console the redirect must be ${google.redirectUri}`)
      : { ...off(google.says), advice: [google.advice] };
  },
});
