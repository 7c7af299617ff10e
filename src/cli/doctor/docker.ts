import { request } from "node:http";
import { off, type Check } from "./check.ts";

/** Whether Docker could be used: today nothing of hers needs it. */
export const checkDocker = ({ socketPath }: { readonly socketPath: string }): Check => ({
  name: "docker",
  async run(signal) {
    return off(
      (await answers(socketPath, signal))
        ? "is there; nothing of hers uses it yet"
        : `does not answer at ${socketPath}; nothing of hers needs it yet`,
    );
  },
});

const answers = (socketPath: string, signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    request({ socketPath, path: "/_ping", signal }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on("error", () => resolve(false))
      .end();
  });
