import { expect, test } from "vitest";
import { toSandboxProblem } from "./problems.ts";

const AT = { where: "unix:///var/run/docker.sock", image: "clara-sandbox:latest" };

test("a disk that is full is told so, whatever the engine calls it", () => {
  const said = "mkdir /var/lib/docker/overlay2/x-init: no space left on device";

  const problem = toSandboxProblem(Object.assign(new Error(said), { statusCode: 500 }), AT);

  expect(problem).toMatchObject({ kind: "disk", message: expect.stringContaining("no room left") });
});

test("a socket that this program may not use is told so", () => {
  const denied = Object.assign(new Error("connect EACCES"), { code: "EACCES" });

  expect(toSandboxProblem(denied, AT).message).toContain("this program may not use it");
});

test("what nobody expected is kept as the cause, and not shown", () => {
  const odd = Object.assign(new Error("secret of the engine"), { statusCode: 500 });

  const problem = toSandboxProblem(odd, AT);

  expect(problem.message).not.toContain("secret");
  expect(problem.cause).toBe(odd);
});
