import { authoriseUrl, NEEDED_RIGHTS, type NeededRight } from "../needed-rights.ts";
import type { OwnPlace, OwnRights } from "../own-rights.ts";
import { lackOf, permissionsIn, type Holder, type Lack, type Taken } from "../permissions.ts";
import { PermissionFlagsBits as Bit } from "discord-api-types/v10";
import type { Snowflake } from "../snowflake.ts";

export interface Missing {
  readonly right: NeededRight;
  readonly lack: Lack;
}

/** Channels that are named one by one; of more, how many. */
const MAX_CHANNELS = 20;

/** What she lacks in one place, the worst first. In a thread, writing in channels does not matter. */
export const missingIn = ({ rights, self, isThread }: OwnPlace): readonly Missing[] =>
  NEEDED_RIGHTS.filter(({ bit }) => !(isThread && bit === Bit.SendMessages)).flatMap((right) => {
    const lack = lackOf(rights, self, right.bit);
    return lack ? [{ right, lack }] : [];
  });

/** A line each: what is missing, what it does, and where to change what no link can. */
export function placeLines(place: OwnPlace): readonly string[] {
  const missing = missingIn(place);
  const asleep = asleepLines(place);
  const isWell = asleep.length === 0 && missing.every(({ right }) => !right.isUsed);
  return [
    ...asleep,
    ...(isWell ? ["✅ I have every right that I use here."] : []),
    ...missing.map(lineOf(place)),
  ];
}

/** A timeout leaves her no right to write, whatever roles and channels say. It is the whole server's. */
const asleepLines = (place: OwnPlace | undefined): readonly string[] =>
  place?.self.timedOut === true
    ? [
        "❌ **I am timed out** in this server: until it ends I may read and not write. Who moderates it can end it in my profile.",
      ]
    : [];

const lineOf =
  (place: OwnPlace) =>
  ({ right, lack }: Missing): string => {
    const { isUsed, isVital, label, without } = right;
    const mark = isVital ? "❌" : isUsed ? "⚠️" : "ℹ️";
    return `${mark} **${label}** is missing. ${without}${isUsed ? fixOf(place, right, lack) : ""}`;
  };

function fixOf({ rulingId }: OwnPlace, { label }: NeededRight, lack: Lack): string {
  const byLink = lack.byNoRole ? "\n→ No role gives it to me: the button below does." : "";
  if (lack.takenFrom === null) return byLink;
  const also = lack.byNoRole ? " In <#" : "\n→ No link can give it: in <#";
  return `${byLink}${also}${rulingId}> it is switched off for ${nameOf(lack.takenFrom)}. *Edit Channel → Permissions → Advanced → ${rowOf(lack.takenFrom)} → ${label}*: set it to ✓, or to / where a role gives it.`;
}

function nameOf(taken: Taken): string {
  switch (taken.kind) {
    case "everybody":
      return "everybody";
    case "role":
      return `the role <@&${taken.roleId}>`;
    case "member":
      return "me alone";
  }
}

function rowOf(taken: Taken): string {
  switch (taken.kind) {
    case "everybody":
      return "@everyone";
    case "role":
      return `<@&${taken.roleId}>`;
    case "member":
      return "my name";
  }
}

/** The channels of a server where something that she uses is missing, as far as this person sees them. */
export function serverLines(places: readonly OwnPlace[], reader: Holder): readonly string[] {
  const seen = places.filter(
    ({ rights }) => (permissionsIn(rights, reader) & Bit.ViewChannel) !== 0n,
  );
  const faulty = seen.flatMap(({ channelId, ...place }) => {
    const lacks = missingIn({ channelId, ...place }).filter(({ right }) => right.isUsed);
    if (lacks.length === 0) return [];
    const labels = lacks.map(({ right, lack }) =>
      lack.takenFrom === null ? right.label : `${right.label} (by the channel)`,
    );
    return [`- <#${channelId}>: ${labels.join(", ")}`];
  });
  const asleep = asleepLines(places[0]);
  if (faulty.length === 0)
    return asleep.length > 0
      ? asleep
      : [`✅ In all ${seen.length} channels that you see I have every right that I use.`];
  const more = faulty.length - MAX_CHANNELS;
  return [
    ...asleep,
    `⚠️ In ${faulty.length} of the ${seen.length} channels that you see something is missing:`,
    ...faulty.slice(0, MAX_CHANNELS),
    ...(more > 0 ? [`- and ${more} more`] : []),
    "→ What is missing *by the channel* has to be changed in its settings; run `/clara doctor` there to see where.",
  ];
}

/**
 * The link that gives what no role gives her, in this server; null when nothing of that kind is missing. It names what
 * her own role has already, too: Discord does not promise that it leaves alone what a link does not name.
 */
export function linkFor(
  own: Pick<OwnRights, "applicationId" | "ownRoleBits">,
  guildId: Snowflake,
  missing: readonly Missing[],
): string | null {
  const applicationId = own.applicationId();
  const added = missing.reduce(
    (all, { right, lack }) => (right.isUsed && lack.byNoRole ? all | right.bit : all),
    0n,
  );
  if (applicationId === null || added === 0n) return null;
  return authoriseUrl({ applicationId, guildId, permissions: own.ownRoleBits(guildId) | added });
}
