import { z } from "zod";
import { SandboxProblem } from "../../core/sandbox.ts";

/** As much as is used of what dockerode throws. */
const ENGINE_ERROR = z.looseObject({
  code: z.string().nullish(),
  statusCode: z.number().nullish(),
  message: z.string().nullish(),
});

const NOT_FOUND = 404;

/** What the engine said, in words for people. `where`: for example unix:///var/run/docker.sock. */
export function toSandboxProblem(
  error: unknown,
  { where, image }: { readonly where: string; readonly image: string },
): SandboxProblem {
  if (error instanceof SandboxProblem) return error;
  const { code, statusCode, message } = ENGINE_ERROR.safeParse(error).data ?? {};
  const said = message ?? "";
  const problem = (kind: SandboxProblem["kind"], words: string) =>
    new SandboxProblem(kind, words, { cause: error });
  if (code === "ENOENT" || code === "ECONNREFUSED" || code === "EACCES" || code === "ECONNRESET")
    return problem(
      "unavailable",
      `Docker does not answer at ${where}${code === "EACCES" ? ": this program may not use it" : ""}. Code cannot run until whoever runs me has started it.`,
    );
  if (statusCode === NOT_FOUND && /no such image/i.test(said))
    return problem(
      "image",
      `The image ${image} is not there. Whoever runs me builds it with "docker build -t ${image} docker/sandbox", or pulls it.`,
    );
  if (/no space left on device|disk quota/i.test(said))
    return problem(
      "disk",
      "There is no room left on the disk where Docker keeps its containers. Whoever runs me has to make some.",
    );
  return problem("unavailable", "Docker could not start a sandbox; my log says why.");
}

/** Without an answer in time. */
export const tooSlow = (seconds: number): SandboxProblem =>
  new SandboxProblem(
    "unavailable",
    `Docker did not answer within ${seconds} seconds. Try again in a minute.`,
  );
