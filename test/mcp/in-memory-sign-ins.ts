import type { Locks } from "../../src/core/locks.ts";
import type { BegunSignIn, McpSignIns } from "../../src/core/mcp-sign-ins.ts";
import type { SecretOwner, SecretStore } from "../../src/core/secrets.ts";
import { Secret } from "../../src/lib/secret.ts";

/** For programs that live for one conversation with a test suite. The store's own are tested beside them. */
export function inMemorySignIns() {
  const secrets = new Map<string, string>();
  const held = new Map<string, string>();
  const begun = new Map<string, BegunSignIn>();
  const keyOf = (owner: SecretOwner, name: string) => JSON.stringify([owner, name]);

  const secretStore: SecretStore = {
    put: async (owner, name, value) => void secrets.set(keyOf(owner, name), value),
    get: async (owner, name) => {
      const value = secrets.get(keyOf(owner, name));
      return value === undefined
        ? { kind: "nothing" }
        : { kind: "found", secret: new Secret(value) };
    },
    remove: async (owner, name) => secrets.delete(keyOf(owner, name)),
    names: async () => [],
  };
  const locks: Locks = {
    take: async (name, holder) => {
      if (held.has(name)) return false;
      held.set(name, holder);
      return true;
    },
    release: async (name) => void held.delete(name),
  };
  const signIns: McpSignIns = {
    begin: async ({ principal: { userId, displayName: name } }, stateHash, row) =>
      void begun.set(stateHash, { ...row, startedBy: { userId, name } }),
    look: async (stateHash) => begun.get(stateHash) ?? null,
    keep: async (stateHash, kept) => {
      const row = begun.get(stateHash);
      if (row) begun.set(stateHash, { ...row, kept });
      return row !== undefined;
    },
    finish: async (stateHash) => {
      const row = begun.get(stateHash);
      begun.delete(stateHash);
      return row ? { kind: "finished", begun: row } : { kind: "unknown" };
    },
    of: async () => null,
    forget: async () => {},
  };
  return { secrets: secretStore, locks, signIns };
}
