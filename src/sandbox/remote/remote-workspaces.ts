import { z } from "zod";
import {
  SandboxProblem,
  type Sandbox,
  type SandboxFile,
  type Workspace,
  type Workspaces,
} from "../../core/sandbox.ts";
import { HEALTH, LISTING, MARKS, RUNNING, STATUS } from "../wire.ts";
import { createRemote, type RemoteDeps, type RemoteSettings, type Remote } from "./remote.ts";
import { execRemotely } from "./remote-exec.ts";

const DONE = z.object({ success: z.boolean() });
const CREATED = z.object({ id: z.string() });
const ROOTS = ["/box", "/out"];

/** Workspaces on another machine, where `clara serve sandbox` runs. */
export function createRemoteWorkspaces(deps: RemoteDeps, settings: RemoteSettings): Workspaces {
  const remote = createRemote(deps, settings);
  return {
    async open(owner, signal) {
      const { id } = await remote.json("POST", `/sandbox/${owner}/create`, CREATED, { signal });
      return openRemote(remote, owner, id);
    },
    status: (owner, signal) => remote.json("GET", `/sandbox/${owner}/states`, STATUS, { signal }),
    async rollBack(owner, snapshot, signal) {
      const body = { snapshot };
      return (await remote.json("POST", `/sandbox/${owner}/rollback`, DONE, { body, signal }))
        .success;
    },
    async forget(ownerOrPerson, signal) {
      await remote.json("DELETE", `/sandbox/${ownerOrPerson}`, DONE, { signal });
    },
    running: (signal) => remote.json("GET", "/running", RUNNING, { signal }),
    async stop(id, signal) {
      const path = `/running/${encodeURIComponent(id)}/stop`;
      return (await remote.json("POST", path, DONE, { signal })).success;
    },
    async health(signal) {
      try {
        return { kind: "works", ...(await remote.json("GET", "/engine", HEALTH, { signal })) };
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof SandboxProblem) return { kind: "broken", words: error.message };
        throw error;
      }
    },
  };
}

function openRemote(remote: Remote, owner: string, id: string): Workspace {
  const ended = Promise.withResolvers<void>();
  let isEnded = false;
  const at = (path: string) => `/sandbox/${owner}/${path}`;
  const never = new AbortController().signal;

  const list: Sandbox["list"] = (folder, signal) =>
    remote.json(
      "GET",
      `${at("list")}?${new URLSearchParams({ path: folder }).toString()}`,
      LISTING,
      {
        signal,
      },
    );

  const get: Sandbox["get"] = async (path, signal) => ({
    path,
    bytes: await remote.bytes(`${at("bytes")}?${new URLSearchParams({ path }).toString()}`, signal),
    isProgram: false,
    modifiedAt: new Date(0),
  });

  async function* snapshot(signal: AbortSignal): AsyncGenerator<SandboxFile> {
    for (const root of ROOTS)
      for (const { path, isProgram, modifiedAt } of (await list(root, signal)).entries)
        yield { ...(await get(path, signal)), isProgram, modifiedAt };
  }

  return {
    id,
    list,
    get,
    snapshot,
    gone: ended.promise,
    async *exec(program, limits, signal) {
      if (isEnded) throw new SandboxProblem("ended", "This sandbox ended. Open it again.");
      yield* execRemotely(remote, at("run"), { program, limits }, signal);
    },
    async put(files, signal) {
      for await (const { path, bytes, isProgram, modifiedAt } of files) {
        const query = {
          path,
          program: isProgram ? "1" : "0",
          modified: String(modifiedAt.getTime()),
        };
        await remote.json("PUT", `${at("bytes")}?${new URLSearchParams(query).toString()}`, DONE, {
          bytes,
          signal,
        });
      }
    },
    marks: () => remote.json("GET", at("marks"), MARKS, { signal: never }),
    async mark(names) {
      await remote.json("POST", at("marks"), DONE, { body: names, signal: never });
    },
    async kill() {
      await remote.json("POST", `/running/${encodeURIComponent(id)}/stop`, DONE, { signal: never });
      isEnded = true;
      ended.resolve();
    },
  };
}
