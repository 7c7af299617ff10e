import type { Asker } from "../api/client.ts";
import type { Row } from "../api/wire.ts";
import type { QontakDeps } from "../deps.ts";
import { word, type Entity, type Written } from "./entity.ts";
import { amount, id, ids, instead, LENGTHS, name, quantity, text } from "./fields.ts";

const priced = {
  name,
  currency: text(10).describe("Such as IDR"),
  price: amount,
  quantity,
  discount: amount,
  total_price: amount,
  crm_tag_ids: ids,
  description: text(LENGTHS.description),
};

export const products: Entity = {
  one: "product",
  many: "products",
  says: "product",
  path: "/products",
  idName: "product_id",
  columns: ["id", "name", "currency", "price", "quantity", "total_price"],
  filters: { query: { schema: text().describe("Words in the name") } },
  fields: priced,
  required: ["name"],
  kept: ["name"],
  words: {},
  takesCustom: true,
  lengths: LENGTHS,
  template: null,
};

/** Products on deals: of this deal so many, at this price. */
export const associations: Entity = {
  one: "products_association",
  many: "products_associations",
  says: "product of a deal",
  path: "/products_association",
  idName: "association_id",
  columns: ["id", "name", "crm_product_id", "crm_deal_id", "quantity", "price", "total_price"],
  filters: {
    crm_deal_id: { schema: id, field: "crm_deal_id" },
    query: { schema: text().describe("Words in the name") },
  },
  fields: {
    crm_product_id: id.describe("From list_products"),
    crm_deal_id: id.describe("Products belong to deals only"),
    ...priced,
    unit_quantity: quantity,
    manufacturer: text(),
  },
  required: ["crm_product_id", "crm_deal_id"],
  kept: ["name", "crm_product_id", "crm_deal_id"],
  words: { product_id: word("crm_product_id", instead("crm_product_id", id)) },
  takesCustom: true,
  lengths: LENGTHS,
  template: null,
  prepare: fromProduct,
};

/** What is not said about a new one is as the product has it. */
async function fromProduct(
  { api }: QontakDeps,
  asker: Asker,
  { body, current }: Written,
): Promise<Row> {
  const productId = body["crm_product_id"];
  if (current !== null || typeof productId !== "number") return body;
  const { name: called, price, currency } = await api.one(asker, `/products/${productId}`);
  const known = { name: called, price, currency };
  const held = Object.entries(known).filter(([, value]) => value !== null && value !== undefined);
  return { quantity: 1, ...Object.fromEntries(held), ...body };
}
