import type { Clock } from "../core/clock.ts";
import type { ChannelMode } from "../core/stores.ts";
import type { Decision, GateRules } from "./gate.ts";
import { decide, modeOf } from "./gate.ts";
import type { Arrival } from "./incoming.ts";
import { toArrival } from "./incoming.ts";
import type { Places } from "./places.ts";
import type { Snowflake } from "./snowflake.ts";
import type { Self } from "./spoken.ts";
import type { WireMessage } from "./wire.ts";

/** A message, and what the gate says of it. */
export interface Seen {
  readonly arrival: Arrival;
  readonly decision: Decision;
}

/** null when the message's place is not known. */
export type Look = (message: WireMessage) => Seen | null;

export interface LookDeps {
  readonly places: Pick<Places, "of">;
  readonly rules: GateRules;
  readonly modes: () => ReadonlyMap<Snowflake, ChannelMode>;
  readonly self: () => Self;
  readonly clock: Clock;
}

/** The one way through the gate for live, missed and edited messages. */
export function createLook({ places, rules, modes, self, clock }: LookDeps): Look {
  return (message) => {
    const place = places.of(message);
    if (!place) return null;
    const arrival = toArrival(message, place, self(), clock.now());
    const mode = modeOf(modes(), arrival.message.conversation);
    return { arrival, decision: decide(rules, mode, arrival) };
  };
}
