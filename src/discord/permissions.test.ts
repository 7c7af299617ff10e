import { PermissionFlagsBits as Bit } from "discord-api-types/v10";
import { expect, test } from "vitest";
import { type ChannelRights, lackOf, type Overwrite, permissionsIn } from "./permissions.ts";

const VIEW = Bit.ViewChannel;
const SEND = Bit.SendMessages;
const MANAGE = Bit.ManageChannels;

const rightsWith = (
  roles: Readonly<Record<string, bigint>>,
  overwrites: Readonly<Record<string, Partial<Overwrite>>> = {},
): ChannelRights => ({
  guildId: "guild",
  ownerId: "owner",
  ofRole: (id) => roles[id] ?? 0n,
  overwriteOf: (id) => overwrites[id] && { allow: 0n, deny: 0n, ...overwrites[id] },
});
const holder = (userId = "ana", roleIds: readonly string[] = ["r1", "r2"]) => ({
  userId,
  roleIds,
  timedOut: false,
});

test("everybody's rights and those of all roles add up", () => {
  const rights = rightsWith({ guild: VIEW, r1: SEND, r2: MANAGE, r3: Bit.BanMembers });

  expect(permissionsIn(rights, holder())).toBe(VIEW | SEND | MANAGE);
});

test("overwrites count in order: everybody's, then the roles' together, then one's own", () => {
  const roles = { guild: VIEW | SEND };
  const forAll = { guild: { deny: SEND } };
  const forRole = { ...forAll, r1: { allow: SEND }, r2: { deny: SEND } };

  expect(permissionsIn(rightsWith(roles, forAll), holder())).toBe(VIEW);
  expect(permissionsIn(rightsWith(roles, forRole), holder())).toBe(VIEW | SEND);
  expect(permissionsIn(rightsWith(roles, { ...forRole, ana: { deny: SEND } }), holder())).toBe(
    VIEW,
  );
});

test("owners and administrators may do all, whatever a channel denies", () => {
  const rights = rightsWith({ guild: 0n, r1: Bit.Administrator }, { ana: { deny: VIEW | MANAGE } });

  expect(permissionsIn(rights, holder()) & MANAGE).toBe(MANAGE);
  expect(permissionsIn(rights, holder("owner", [])) & MANAGE).toBe(MANAGE);
});

test("who does not see a channel may do nothing there, and who is timed out may only read", () => {
  const roles = { guild: VIEW | SEND | Bit.ReadMessageHistory };
  const timedOut = { ...holder(), timedOut: true };

  expect(permissionsIn(rightsWith({ guild: SEND | MANAGE }), holder())).toBe(0n);
  expect(permissionsIn(rightsWith(roles), timedOut)).toBe(VIEW | Bit.ReadMessageHistory);
});

test.each([
  ["what a role gives and nothing takes is not lacking", { r1: SEND }, {}, null],
  ["what no role gives", {}, {}, { byNoRole: true, takenFrom: null }],
  ["what the channel itself gives", {}, { guild: { allow: SEND } }, null],
  [
    "what the channel takes from everybody",
    { r1: SEND },
    { guild: { deny: SEND } },
    { byNoRole: false, takenFrom: { kind: "everybody" } },
  ],
  ["what a role gets back", { r1: SEND }, { guild: { deny: SEND }, r2: { allow: SEND } }, null],
  [
    "what a role loses, also when no role gives it",
    {},
    { guild: { allow: SEND }, r2: { deny: SEND } },
    { byNoRole: true, takenFrom: { kind: "role", roleId: "r2" } },
  ],
  [
    "what one loses oneself",
    { r1: SEND },
    { r1: { allow: SEND }, ana: { deny: SEND } },
    { byNoRole: false, takenFrom: { kind: "member" } },
  ],
  ["an administrator lacks nothing", { r1: Bit.Administrator }, { ana: { deny: SEND } }, null],
])("lackOf(): %s", (_, roles, overwrites, lack) => {
  expect(lackOf(rightsWith(roles, overwrites), holder(), SEND)).toEqual(lack);
});
