import assert from "node:assert/strict";
import { expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { openSignInEmulator } from "../../../test/emulators/mcp-sign-in/index.ts";
import { openMcpSignIn } from "../../../test/open-mcp-sign-in.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { newDm, newName } from "../../../test/talk.ts";
import { keyActions, keysCard } from "./mcp-oauth-keys.ts";
import type { SignInDesk } from "./mcp-oauth-act.ts";

const store = share(openEmbeddedStore);

/** The operator, or somebody else, with a server whose sign-in server lets nobody register by himself. */
async function setUp(isOperator: boolean) {
  const emulator = await openSignInEmulator();
  emulator.state.server = { registration_endpoint: undefined };
  const clara = openMcpSignIn(store(), [emulator.port]);
  const server = await clara.added(emulator.url);
  const name = newName("ana");
  const context = commandContext(newDm(name), name, { isOperator });
  const desk = {
    servers: store().mcpServers,
    signIn: { ...clara.signIn, ...clara.credentials },
    control: {
      look: async () => expect.unreachable(),
      refresh: async () => false,
      poke() {},
      signedIn() {},
    },
  } satisfies SignInDesk;
  return {
    emulator,
    clara,
    server,
    context,
    fill: async (action: string, fields: Record<string, string>) => {
      const found = keyActions(desk).find((each) => each.name === action);
      assert(found && "run" in found);
      return found.run({ data: { id: server.id }, values: [], fields }, context);
    },
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

test("a manager enters a client, and everybody's sign-in uses it", async () => {
  await using house = await setUp(true);
  const { origin: issuer } = house.emulator;

  const outcome = await house.fill("mcp-oauth-client-set", { issuer, id: "by-hand", secret: "" });
  await house.clara.signedIn(house.server);

  expect(outcome).toMatchObject({ reply: { text: expect.stringContaining("kept, sealed") } });
  expect(house.emulator.asked.at(-1)?.form).toMatchObject({ client_id: "by-hand" });
});

test("nobody else does, whatever he presses", async () => {
  await using house = await setUp(false);
  const { origin: issuer } = house.emulator;
  const asked = { scope: house.context.scope, server: house.server, isManager: false };

  const outcome = await house.fill("mcp-oauth-client-set", { issuer, id: "mine", secret: "" });

  expect(keysCard(asked).rows?.flat()).toHaveLength(1);
  expect(outcome).toMatchObject({ reply: { text: expect.stringContaining("who manages") } });
});

test("a token that is entered is kept for whoever entered it", async () => {
  await using house = await setUp(false);
  const { scope } = house.context;

  const outcome = await house.fill("mcp-oauth-token-set", { access: " abc ", refresh: "" });

  const holder = { kind: "person", userId: scope.principal.userId } as const;
  expect(outcome).toMatchObject({ reply: { text: "The token is kept, sealed." } });
  expect(await house.clara.newTokens().token(house.server, holder, null)).toBe("abc");
});
