import { z } from "zod";
import { Failure } from "../../kit/failure.ts";
import { defineTool } from "../../kit/tool.ts";
import { restAddresses, restDocuments } from "../api/rest-wire.ts";
import { dayIn } from "../days.ts";
import type { CegidDeps } from "../deps.ts";
import { pageIndex, pageInfo, pagesIn, pagesOut } from "../pages.ts";

const short = z.string().trim().min(1).max(60);
const words = z.string().nullable();

/** What only the JSON services of Cegid Y2 tell. Where they are not set up, the tools say so. */
export const restTools = (deps: CegidDeps) => [
  openOrders(deps),
  reservations(deps),
  addresses(deps),
  image(deps),
];

const orderOut = z.object({
  id: z.string(),
  date: words,
  delivery_date: words,
  is_active: z.boolean().nullable(),
  store_id: words,
  customer_id: words,
  customer: words,
  external_reference: words,
  follow_up_status: words,
  tracking: words,
  lines: z.array(
    z.object({
      barcode: words,
      item_code: words,
      description: words,
      quantity: z.number().nullable(),
      remaining: z.number().nullable().describe("Still to be delivered"),
      warehouse_id: words,
    }),
  ),
});

const openOrders = (deps: CegidDeps) =>
  defineTool({
    name: "list_orders_with_remainders",
    title: "Orders with what is left to deliver",
    description:
      "Orders of customers with, for each line, how much is still to be delivered. Wants the JSON services of Cegid Y2.",
    effect: "read",
    input: z.object({
      customer_id: short.optional(),
      store_id: short.optional(),
      active: z.boolean().default(true),
      ...pagesIn,
    }),
    output: z.object({ orders: z.array(orderOut), ...pagesOut }),
    async run({ customer_id, store_id, active, ...page }, call) {
      const answer = await deps.rest.get(call, "documents", "customer-documents/v1", {
        documentType: "CustomerOrder",
        customerId: customer_id,
        storeId: store_id,
        active: String(active),
        "paging.pageIndex": String(pageIndex(page)),
        "paging.pageSize": String(page.limit),
      });
      const orders = toOrders(answer);
      return { data: { orders, ...pageInfo(page, orders.length) } };
    },
  });

const reservations = (deps: CegidDeps) =>
  defineTool({
    name: "list_reservations",
    title: "Reservations of a customer",
    description:
      "Goods that are set aside, by customer and time. Wants the JSON services of Cegid Y2.",
    effect: "read",
    input: z.object({
      customer_id: short.optional(),
      date_from: dayIn.optional(),
      date_to: dayIn.optional(),
    }),
    output: z.object({ orders: z.array(orderOut) }),
    async run({ customer_id, date_from, date_to }, call) {
      const answer = await deps.rest.get(call, "documents", "customer-reservations/v1", {
        documentTypeId: "CustomerReservation",
        customerId: customer_id,
        "searchDate.startDate": date_from && turned(date_from),
        "searchDate.endDate": date_to && turned(date_to),
      });
      return { data: { orders: toOrders(answer) } };
    },
  });

/** These services write 31/12/2026. */
const turned = (day: string): string => day.split("-").toReversed().join("/");

const toOrders = (answer: unknown): z.output<typeof orderOut>[] =>
  read(restDocuments, answer).map(({ header, lines }) => ({
    id: `${header.documentKey.type ?? ""}/${header.documentKey.stub ?? ""}/${header.documentKey.number}`,
    date: header.documentDate ?? null,
    delivery_date: header.deliveryDate ?? null,
    is_active: header.active ?? null,
    store_id: header.storeId ?? null,
    customer_id: header.customer?.id ?? null,
    customer:
      [header.customer?.firstName, header.customer?.lastName].filter(Boolean).join(" ") || null,
    external_reference: header.references?.external ?? null,
    follow_up_status: header.omniChannel?.followUpStatus ?? null,
    tracking: header.omniChannel?.tracking ?? null,
    lines: (lines ?? [])
      .filter(({ type }) => type !== "Comment")
      .map((line) => ({
        barcode: line.item?.barcode ?? null,
        item_code: line.item?.code ?? null,
        description: line.description ?? null,
        quantity: line.quantities?.quantity ?? null,
        remaining: line.quantities?.remaining ?? null,
        warehouse_id: line.warehouseId ?? null,
      })),
  }));

const addresses = (deps: CegidDeps) =>
  defineTool({
    name: "get_customer_addresses",
    title: "Addresses of a customer",
    description:
      "All addresses of a customer, for deliveries and for bills. Wants the JSON services of Cegid Y2.",
    effect: "read",
    input: z.object({ customer_id: short }),
    output: z.object({
      addresses: z.array(
        z.object({
          types: z.array(z.string()),
          lines: z.array(z.string()),
          zip_code: words,
          city: words,
          country: words,
          phone: words,
          email: words,
        }),
      ),
    }),
    async run({ customer_id }, call) {
      const path = `customers/${encodeURIComponent(customer_id)}/addresses/v1`;
      const found = read(restAddresses, await deps.rest.get(call, "customers", path, {}));
      return {
        data: {
          addresses: found.map((one) => ({
            types: one.types ?? [],
            lines: (one.lines ?? []).flatMap(({ value }) => value ?? []),
            zip_code: one.zipCode ?? null,
            city: one.city ?? null,
            country: one.countryId ?? null,
            phone: one.phoneNumber ?? null,
            email: one.email ?? null,
          })),
        },
      };
    },
  });

const image = (deps: CegidDeps) =>
  defineTool({
    name: "get_product_image",
    title: "Picture of a product",
    description: "The picture of a product. Wants the JSON services of Cegid Y2.",
    effect: "read",
    input: z.object({ item_code: short }),
    output: z.object({ item_code: z.string(), mime_type: z.string(), size_bytes: z.int() }),
    async run({ item_code }, call) {
      const path = `items/${encodeURIComponent(item_code)}/images/v1`;
      const { mimeType, base64 } = await deps.rest.image(call, path);
      return {
        data: {
          item_code,
          mime_type: mimeType,
          size_bytes: Buffer.byteLength(base64, "base64"),
        },
        text: `A picture of ${item_code}.`,
        content: [{ type: "image", data: base64, mimeType }],
      };
    },
  });

function read<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure("SCHEMA_MISMATCH", "Cegid Y2 answered in another shape than we know.", {
    hint: "Its version may be another one. Whoever runs the server finds the field in its log.",
    cause: parsed.error,
  });
}
