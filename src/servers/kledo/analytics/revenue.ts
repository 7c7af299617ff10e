import { INVOICE } from "../codes.ts";
import { percent, sum, type Money } from "../money.ts";
import { oddOnes, type Bill } from "./bills.ts";

export interface Revenue {
  readonly bills: number;
  /** What was billed, before tax. */
  readonly net: Money;
  readonly tax: Money;
  readonly gross: Money;
  /** Of the gross: what has been paid, and what has not. */
  readonly received: Money;
  readonly outstanding: Money;
  /** Gross of bills that are paid in full: what the original server called revenue. */
  readonly paidInFull: Money;
  /** Bills whose parts do not add up. */
  readonly odd: number;
}

export function revenueOf(bills: readonly Bill[]): Revenue {
  const gross = sum(bills.map(({ total }) => total));
  const outstanding = sum(bills.map(({ due }) => due));
  const paid = bills.filter(({ statusId }) => statusId === INVOICE.paid);
  return {
    bills: bills.length,
    net: sum(bills.map(({ subtotal }) => subtotal)),
    tax: sum(bills.map(({ tax }) => tax)),
    gross,
    received: gross - outstanding,
    outstanding,
    paidInFull: sum(paid.map(({ total }) => total)),
    odd: oddOnes(bills).length,
  };
}

export interface TopContact {
  readonly contactId: number;
  readonly name: string;
  readonly bills: number;
  readonly gross: Money;
  readonly outstanding: Money;
  /** Of everything, in percent; and together with those above. */
  readonly share: number;
  readonly shareSoFar: number;
}

export interface Ranking {
  readonly contacts: readonly TopContact[];
  readonly total: Money;
  /** Share of the first five, and how many make 80 % of it. */
  readonly firstFive: number;
  readonly contactsFor80: number;
}

/** Who bought, or who owes, most. Equal ones by name. */
export function rank(bills: readonly Bill[], by: "gross" | "outstanding"): Ranking {
  const groups = Map.groupBy(bills, ({ contactId }) => contactId);
  const sums = [...groups].map(([contactId, own]) => ({
    contactId,
    name: own.at(-1)?.contactName ?? "",
    bills: own.length,
    gross: sum(own.map(({ total }) => total)),
    outstanding: sum(own.map(({ due }) => due)),
  }));
  const sorted = sums
    .filter((each) => each[by] > 0n)
    .toSorted((one, other) => compare(other[by], one[by]) || (one.name < other.name ? -1 : 1));
  const total = sum(sorted.map((each) => each[by]));
  let soFar = 0n;
  const contacts = sorted.map((each) => {
    soFar += each[by];
    return { ...each, share: percent(each[by], total), shareSoFar: percent(soFar, total) };
  });
  return {
    contacts,
    total,
    firstFive: contacts.slice(0, 5).at(-1)?.shareSoFar ?? 0,
    contactsFor80: countFor80(
      sorted.map((each) => each[by]),
      total,
    ),
  };
}

const compare = (one: Money, other: Money): number => (one < other ? -1 : one > other ? 1 : 0);

function countFor80(amounts: readonly Money[], total: Money): number {
  let soFar = 0n;
  const at = amounts.findIndex((amount) => {
    soFar += amount;
    return soFar * 100n >= total * 80n;
  });
  return at + 1;
}
