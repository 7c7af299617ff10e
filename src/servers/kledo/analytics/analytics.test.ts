import { expect, test } from "vitest";
import { documentRow } from "../api/wire.ts";
import { toMoney } from "../money.ts";
import { ageingOf } from "./ageing.ts";
import { oddOnes, toBill, type Bill } from "./bills.ts";
import { rank, revenueOf } from "./revenue.ts";
import { changeOf, trendOf } from "./trends.ts";

const rp = (text: string): bigint => {
  const money = toMoney(text);
  if (money === null) throw new Error(`${text} is no amount`);
  return money;
};

let nextId = 0;
/** A line of a book written by hand: customer, day, due day, before tax, tax, still open. */
const bill = (
  contactName: string,
  date: string,
  dueDate: string,
  [subtotal, tax, due]: readonly [string, string, string],
): Bill => {
  nextId += 1;
  const total = rp(subtotal) + rp(tax);
  return {
    id: nextId,
    number: `INV/${nextId}`,
    date,
    dueDate,
    contactId: contactName.charCodeAt(0),
    contactName,
    statusId: rp(due) === 0n ? 3 : rp(due) === total ? 1 : 2,
    subtotal: rp(subtotal),
    tax: rp(tax),
    total,
    due: rp(due),
  };
};

/** Added up on paper. */
const BOOKS: readonly Bill[] = [
  bill("Anna", "2026-01-10", "2026-02-09", ["1000000", "110000", "0"]),
  bill("Berta", "2026-01-31", "2026-03-02", ["333333.33", "36666.67", "370000"]),
  bill("Anna", "2026-03-01", "2026-03-31", ["2000000", "220000", "1220000"]),
  bill("Carl", "2026-03-31", "2026-04-30", ["0.10", "0.01", "0.11"]),
  bill("Berta", "2025-11-15", "2025-12-15", ["500000", "0", "500000"]),
];
const TODAY = "2026-03-31";

test("revenue is what was billed, received and left open, to the last sen", () => {
  const revenue = revenueOf(BOOKS);

  expect(revenue).toEqual({
    bills: 5,
    net: rp("3833333.43"),
    tax: rp("366666.68"),
    gross: rp("4200000.11"),
    received: rp("2110000.00"),
    outstanding: rp("2090000.11"),
    paidInFull: rp("1110000"),
    odd: 0,
  });
});

test("open amounts stand in the bucket of the days since they were due", () => {
  const { buckets, total, overdue, bills, meanDays } = ageingOf(BOOKS, TODAY, "due_date");

  expect(buckets).toEqual({
    not_due: rp("1220000.11"),
    days_1_30: rp("370000"),
    days_31_60: 0n,
    days_61_90: 0n,
    over_90: rp("500000"),
  });
  expect([total, overdue, bills]).toEqual([rp("2090000.11"), rp("870000"), 4]);
  // (370,000 x 59 + 1,220,000 x 30 + 0.11 x 0 + 500,000 x 136) / 2,090,000.11 days
  expect(meanDays).toBe(60.5);
});

test("age may also be counted from the day of the bill; who owes most comes first", () => {
  const { buckets, contacts } = ageingOf(BOOKS, TODAY, "trans_date");

  expect(buckets).toEqual({
    not_due: rp("0.11"),
    days_1_30: rp("1220000"),
    days_31_60: rp("370000"),
    days_61_90: 0n,
    over_90: rp("500000"),
  });
  expect(contacts.map(({ name, total }) => [name, total])).toEqual([
    ["Anna", rp("1220000")],
    ["Berta", rp("870000")],
    ["Carl", rp("0.11")],
  ]);
});

test.each([
  { dueDate: "2026-03-31", bucket: "not_due" },
  { dueDate: "2026-03-30", bucket: "days_1_30" },
  { dueDate: "2026-03-01", bucket: "days_1_30" },
  { dueDate: "2026-02-28", bucket: "days_31_60" },
  { dueDate: "2026-01-30", bucket: "days_31_60" },
  { dueDate: "2026-01-29", bucket: "days_61_90" },
  { dueDate: "2025-12-31", bucket: "days_61_90" },
  { dueDate: "2025-12-30", bucket: "over_90" },
] as const)("what was due on $dueDate is $bucket on 31 March", ({ dueDate, bucket }) => {
  const { buckets } = ageingOf(
    [bill("Anna", "2025-01-01", dueDate, ["1", "0", "1"])],
    TODAY,
    "due_date",
  );

  expect(buckets[bucket]).toBe(rp("1"));
});

test("customers are ranked with shares that end at the whole", () => {
  const { contacts, total, firstFive, contactsFor80 } = rank(BOOKS, "gross");

  expect(
    contacts.map(({ name, gross, share, shareSoFar }) => [name, gross, share, shareSoFar]),
  ).toEqual([
    ["Anna", rp("3330000"), 79.3, 79.3],
    ["Berta", rp("870000"), 20.7, 100],
    ["Carl", rp("0.11"), 0, 100],
  ]);
  expect([total, firstFive, contactsFor80]).toEqual([rp("4200000.11"), 100, 2]);
});

test("a trend shows months without any bill, and compares each with the one before", () => {
  const points = trendOf(BOOKS, { from: "2025-11-01", to: "2026-03-31" }, "month");

  expect(points.map(({ name, bills, gross, change }) => [name, bills, gross, change])).toEqual([
    ["2025-11", 1, rp("500000"), null],
    ["2025-12", 0, 0n, -100],
    ["2026-01", 2, rp("1480000"), null],
    ["2026-02", 0, 0n, -100],
    ["2026-03", 2, rp("2220000.11"), null],
  ]);
});

test("quarters and years are trends, too", () => {
  const quarters = trendOf(BOOKS, { from: "2025-11-01", to: "2026-03-31" }, "quarter");
  const years = trendOf(BOOKS, { from: "2025-01-01", to: "2026-12-31" }, "year");

  expect(quarters.map(({ name, gross }) => [name, gross])).toEqual([
    ["2025-Q4", rp("500000")],
    ["2026-Q1", rp("3700000.11")],
  ]);
  expect(years.map(({ name, change }) => [name, change])).toEqual([
    ["2025", null],
    ["2026", 640],
  ]);
});

test("change against nothing is none", () => {
  expect([changeOf(undefined, 5n), changeOf(0n, 5n), changeOf(200n, 150n)]).toEqual([
    null,
    null,
    -25,
  ]);
});

const row = (fields: object) =>
  documentRow.parse({ id: 1, trans_date: "2026-03-01", status_id: 1, contact_id: 7, ...fields });

test("a bill of purchases has what is before tax in another field", () => {
  const { subtotal, tax, total } = toBill(
    row({ amount: 900, amount_after_tax: 999, due: "999.00000" }),
  );

  expect([subtotal, tax, total]).toEqual([rp("900"), rp("99"), rp("999")]);
});

test("a bill in another currency is counted at its rate", () => {
  const fields = {
    subtotal: 100,
    total_tax: 11,
    amount_after_tax: 111,
    due: 50,
    currency_rate: "15500.5",
  };

  const { subtotal, total, due } = toBill(row(fields));

  expect([subtotal, total, due]).toEqual([rp("1550050"), rp("1720555.5"), rp("775025")]);
});

test("a bill whose parts do not add up is counted, and told", () => {
  const odd = toBill(row({ subtotal: 100, total_tax: 11, amount_after_tax: 150, due: 0 }));

  expect(oddOnes([odd, ...BOOKS])).toEqual([odd]);
  expect(revenueOf([odd]).gross).toBe(rp("150"));
});
