import { broken, ok, type Check } from "./check.ts";

/** As in package.json. */
const LEAST_MAJOR = 24;

/** `version` as in `v24.21.0`. */
export const checkNode = ({ version }: { readonly version: string }): Check => ({
  name: "node",
  async run() {
    if (Number.parseInt(version.slice(1), 10) >= LEAST_MAJOR) return ok(version);
    return broken(
      `is ${version}, and Clara needs ${LEAST_MAJOR}`,
      "Start her by npm (npm start, npm run doctor), which uses the Node that comes with her.",
    );
  },
});
