import type { McpNeed } from "../../core/mcp-install.ts";
import { drafted, type Drafted, type LookDeps } from "./draft.ts";
import type { FirstParty } from "./first-party.ts";

interface About {
  readonly title: string;
  readonly description: string;
  readonly needs: readonly McpNeed[];
}

const need = (
  name: string,
  description: string,
  isSecret: boolean,
  isRequired = true,
): McpNeed => ({ name, description, isRequired, isSecret, fallback: null });

/** Names of variables as the servers' own documentation has them. */
const ABOUT: Readonly<Record<FirstParty, About>> = {
  kledo: {
    title: "Kledo",
    description: "Accounting with Kledo",
    needs: [
      need(
        "KLEDO_API_KEY",
        "A personal access token of Kledo; or e-mail and password",
        true,
        false,
      ),
      need("KLEDO_EMAIL", "E-mail address at Kledo, without a token", false, false),
      need("KLEDO_PASSWORD", "Password at Kledo, without a token", true, false),
    ],
  },
  "cegid-y2": {
    title: "Cegid Y2",
    description: "Retail with Cegid Y2",
    needs: [
      need("CEGID_Y2_BASE_URL", "Address of your Y2, https://.../Y2", false),
      need("CEGID_Y2_FOLDER_ID", "Its folder", false),
      need("CEGID_Y2_USERNAME", "User", false),
      need("CEGID_Y2_PASSWORD", "Password", true),
    ],
  },
  qontak: {
    title: "Qontak",
    description: "Customers with Mekari Qontak",
    needs: [
      need(
        "QONTAK_REFRESH_TOKEN",
        "A refresh token of Qontak; or client id and secret of Mekari's gateway",
        true,
        false,
      ),
      need("QONTAK_HMAC_CLIENT_ID", "Client id at Mekari, without a token", false, false),
      need("QONTAK_HMAC_CLIENT_SECRET", "Client secret at Mekari, without a token", true, false),
    ],
  },
  hacs: { title: "HACS", description: "Working together with other AI instances", needs: [] },
};

/** A server that ships with Clara: this very program, with another command. */
export function lookFirstParty(
  { program }: Pick<LookDeps, "program">,
  name: FirstParty,
  args: readonly string[],
): Drafted {
  const { title, description, needs: keys } = ABOUT[name];
  // Made-up data, as each of them has it, needs no key.
  const needs = args.includes("--demo") ? [] : keys;
  const words = [...program, "serve", name, ...args];
  const [command = "", ...rest] = words;
  return drafted({
    calls: name,
    displayName: title,
    source: { kind: "first-party", name },
    launch: {
      kind: "stdio",
      command,
      args: rest,
      cwd: null,
      env: envOf(needs),
      secretEnv: [],
      isolation: "process",
    },
    needs,
    description,
    facts: [["Source", "ships with me, in the same version"]],
    risks: [],
    commands: [words],
  });
}

const envOf = (needs: readonly McpNeed[]): Readonly<Record<string, string>> =>
  Object.fromEntries(needs.map(({ name }) => [name, `{${name}}`]));
