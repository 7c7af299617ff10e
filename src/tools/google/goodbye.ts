import type { Goodbye } from "../../core/farewells.ts";
import type { GoogleConnection } from "../../core/google.ts";
import { GoogleProblem } from "./problem.ts";

/** Takes back at Google what a person who leaves agreed to; the tokens go with it, whether Google confirms or not. */
export const googleGoodbye = ({ disconnect }: Pick<GoogleConnection, "disconnect">): Goodbye => ({
  name: "google",
  async leave(scope, signal) {
    const ended = await disconnect(scope, signal);
    if (ended.kind === "disconnected" && !ended.isRevoked)
      throw new GoogleProblem("Google did not confirm that it is taken back.");
  },
});
