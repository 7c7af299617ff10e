import type Docker from "dockerode";
import { z } from "zod";
import type { SandboxHealth } from "../../core/sandbox.ts";
import type { Engine } from "./engine.ts";
import { versionWarnings } from "./engine-versions.ts";
import { toSandboxProblem } from "./problems.ts";
import { withinTime } from "./within-time.ts";

const PATIENCE_MS = 5_000;
const STRONGER_RUNTIME = "runsc";

const VERSION = z.looseObject({
  Version: z.string(),
  Components: z.array(z.looseObject({ Name: z.string(), Version: z.string() })).nullish(),
});
const INFO = z.looseObject({
  Runtimes: z.record(z.string(), z.unknown()).nullish(),
  SecurityOptions: z.array(z.string()).nullish(),
});

/** gVisor, where the engine has it; null for the engine's own. */
export async function runtimeOf(docker: Docker): Promise<string | null> {
  const { Runtimes } = INFO.parse(await docker.info());
  return Runtimes && STRONGER_RUNTIME in Runtimes ? STRONGER_RUNTIME : null;
}

/** Whether sandboxes can run here, and what the operator should know about it. */
export async function askEngine(
  engine: Engine,
  at: { readonly where: string; readonly image: string; readonly running: number },
  signal: AbortSignal,
): Promise<SandboxHealth> {
  try {
    const { version, info } = await withinTime(() => lookAt(engine, at.image), PATIENCE_MS, signal);
    const warnings = warningsOf(version, info);
    return { kind: "works", engine: version.Version, running: at.running, warnings };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "broken", words: toSandboxProblem(error, at).message };
  }
}

async function lookAt(engine: Engine, image: string) {
  const docker = await engine();
  const version = VERSION.parse(await docker.version());
  const info = INFO.parse(await docker.info());
  await docker.getImage(image).inspect();
  return { version, info };
}

function warningsOf(
  version: z.infer<typeof VERSION>,
  info: z.infer<typeof INFO>,
): readonly string[] {
  const runc = version.Components?.find(({ Name }) => Name === "runc")?.Version ?? null;
  const options = info.SecurityOptions ?? [];
  const has = (name: string) => options.some((option) => option.includes(`name=${name}`));
  return [
    ...versionWarnings({ engine: version.Version, runc }),
    ...(info.Runtimes && STRONGER_RUNTIME in info.Runtimes
      ? []
      : ["gVisor (runsc) is not installed: code shares the kernel of this machine."]),
    ...(has("apparmor") || has("selinux")
      ? []
      : ["The kernel has no AppArmor or SELinux switched on."]),
    ...(has("userns") || has("rootless")
      ? []
      : [
          "Docker runs with the machine's own users: userns-remap or a rootless Docker would be safer.",
        ]),
  ];
}
