import { z } from "zod";
import { amountIn, times, toText, toUnits } from "./decimal.ts";
import { dayIn, beginOf } from "./days.ts";
import { Failure } from "../kit/failure.ts";
import { fields, items, type Items } from "./soap/value.ts";

const short = z.string().trim().min(1).max(60);

/** An item is known by its barcode, or by Y2's own padded id. */
export const lineIn = z.strictObject({
  item_reference: short.optional().describe("Barcode"),
  item_id: z.string().min(1).max(60).optional().describe("Cegid Y2's own id of the item"),
  quantity: amountIn,
  unit_price: amountIn.optional().describe("Of the price list, with tax"),
  net_unit_price: amountIn.optional().describe("What is really paid for one, with tax"),
  label: z.string().trim().max(100).optional(),
  comment: z.string().trim().max(250).optional(),
  serial_number: short.optional(),
  delivery_date: dayIn.optional(),
  warehouse_id: short.optional(),
});

export const paymentIn = z.strictObject({
  method_id: short.describe("Code of the means of payment"),
  amount: amountIn,
  currency: z.string().length(3).optional(),
  due_date: dayIn.optional(),
  is_received: z.boolean().optional(),
});

export const addressIn = z.strictObject({
  first_name: short.optional(),
  last_name: short.optional(),
  line1: z.string().trim().max(100).optional(),
  line2: z.string().trim().max(100).optional(),
  line3: z.string().trim().max(100).optional(),
  zip_code: short.optional(),
  city: short.optional(),
  region: short.optional(),
  country: short.optional(),
  country_id_type: z.enum(["Internal", "ISO2", "ISO3", "ISO3Numeric"]).optional(),
  phone: short.optional(),
});

export type LineIn = z.output<typeof lineIn>;
export type PaymentIn = z.output<typeof paymentIn>;

/** What is missing in lines, by field. */
export function missingOf(lines: readonly LineIn[]): Readonly<Record<string, string>> {
  const missing = lines.flatMap((line, at) => [
    ...(line.item_reference || line.item_id
      ? []
      : [[`items.${at}.item_reference`, "the barcode, or item_id"] as const]),
    ...(line.unit_price === undefined && line.net_unit_price === undefined
      ? [[`items.${at}.unit_price`, "the price of one, with tax"] as const]
      : []),
  ]);
  return Object.fromEntries(missing);
}

export const toLines = (each: string, lines: readonly LineIn[]): Items =>
  items(
    each,
    lines.map((line) =>
      fields({
        Comment: line.comment,
        DeliveryDate: line.delivery_date && beginOf(line.delivery_date),
        ItemIdentifier: fields({ Id: line.item_id, Reference: line.item_reference }),
        Label: line.label,
        NetUnitPrice: line.net_unit_price ?? line.unit_price,
        OmniChannel: fields({ WarehouseId: line.warehouse_id }),
        Quantity: line.quantity,
        SerialNumberId: line.serial_number,
        UnitPrice: line.unit_price ?? line.net_unit_price,
      }),
    ),
  );

export const toPayments = (each: string, payments: readonly PaymentIn[]): Items =>
  items(
    each,
    payments.map((payment, at) =>
      fields({
        Amount: payment.amount,
        CurrencyId: payment.currency,
        DueDate: payment.due_date && beginOf(payment.due_date),
        Id: String(at + 1),
        IsReceivedPayment: payment.is_received,
        MethodId: payment.method_id,
      }),
    ),
  );

export const toAddressFields = (address: z.output<typeof addressIn> | undefined) =>
  address &&
  fields({
    City: address.city,
    CountryId: address.country,
    CountryIdType: address.country_id_type,
    FirstName: address.first_name,
    LastName: address.last_name,
    Line1: address.line1,
    Line2: address.line2,
    Line3: address.line3,
    PhoneNumber: address.phone,
    Region: address.region,
    ZipCode: address.zip_code,
  });

/** Exactly what the lines come to, with tax. */
const totalOf = (lines: readonly LineIn[]): bigint =>
  lines.reduce(
    (sum, line) =>
      sum + times(toUnits(line.quantity), toUnits(line.net_unit_price ?? line.unit_price ?? "0")),
    0n,
  );

/** The sum that was said has to be what the lines come to: otherwise one of both is a mistake. */
export function refuseOtherTotal(amount: string | undefined, lines: readonly LineIn[]): void {
  const total = totalOf(lines);
  if (amount === undefined || toUnits(amount) === total) return;
  throw new Failure("INVALID_ARGUMENT", `The items come to ${toText(total)}, not to ${amount}.`, {
    hint: "Correct the amount or the items; the amount may be left out.",
    details: { items_total: toText(total), amount },
  });
}
