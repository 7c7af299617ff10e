import { z } from "zod";
import { Failure } from "../../kit/failure.ts";
import { defineTool } from "../../kit/tool.ts";
import { getCustomer, searchCustomers } from "../api/customers.ts";
import {
  customerFields,
  customerIn,
  customerOut,
  customerTable,
  nameOf,
  type CustomerIn,
} from "../customers.ts";
import { refuseMissing, refuseWrites, type CegidDeps } from "../deps.ts";
import { OPERATIONS } from "../soap/operation.ts";

/** Y2 gives the first so many; what lies beyond has to be asked for more exactly. */
const MAX_FOUND = 1_000;
const short = z.string().trim().min(1).max(60);
const idIn = short.describe("From list_customers");

export const customerTools = (deps: CegidDeps) => [
  listCustomers(deps),
  customerDetails(deps),
  createCustomer(deps),
  updateCustomer(deps),
  findByReference(deps),
];

const listCustomers = (deps: CegidDeps) =>
  defineTool({
    name: "list_customers",
    title: "Find customers",
    description: `Customers by name, e-mail, phone, card or place. Cegid Y2 gives the first ${MAX_FOUND} that fit, in its own order.`,
    effect: "read",
    input: z.object({
      filters: z
        .strictObject({
          last_name: short.optional(),
          first_name: short.optional(),
          email: z.string().trim().max(120).optional(),
          phone: short.optional().describe("Mobile"),
          barcode: short.optional().describe("Of the customer's card"),
          city: short.optional(),
          zip_code: short.optional(),
          country: short.optional(),
          customer_reference: short.optional(),
          creation_store_id: short.optional(),
          is_company: z.boolean().optional(),
          closed: z.boolean().optional(),
        })
        .default({}),
      limit: z.int().min(1).max(500).default(100),
      offset: z.int().min(0).max(MAX_FOUND).default(0),
    }),
    output: z.object({
      customers: z.array(customerOut),
      limit: z.int(),
      offset: z.int(),
      next_offset: z.int().nullable(),
    }),
    async run({ filters, limit, offset }, call) {
      const end = Math.min(offset + limit, MAX_FOUND);
      const found = await searchCustomers(deps.y2, call, filters, Math.min(end + 1, MAX_FOUND));
      const customers = found.slice(offset, end);
      return {
        data: { customers, limit, offset, next_offset: found.length > end ? end : null },
        text: customerTable(customers),
      };
    },
  });

const customerDetails = (deps: CegidDeps) =>
  defineTool({
    name: "get_customer_details",
    title: "Read a customer",
    description: "One customer with address, phone, e-mail and card.",
    effect: "read",
    input: z.object({ customer_id: idIn }),
    output: customerOut,
    async run({ customer_id }, call) {
      const customer = await getCustomer(deps.y2, call, customer_id);
      return { data: customer, text: customerTable([customer]) };
    },
  });

const createCustomer = (deps: CegidDeps) =>
  defineTool({
    name: "create_customer",
    title: "Create a customer",
    description:
      "A new customer. Who has the same e-mail already is told instead, unless allow_duplicate says that it is somebody else.",
    effect: "create",
    input: z.object({
      name: z
        .string()
        .trim()
        .min(1)
        .max(120)
        .describe("Whole name; or use first_name and last_name"),
      email: z.email().max(120),
      ...customerIn,
      customer_id: short.optional().describe("Left out: Cegid Y2 gives one"),
      allow_duplicate: z.boolean().default(false),
    }),
    output: customerOut,
    async run({ name, customer_id, allow_duplicate, ...given }, call) {
      refuseWrites(deps);
      if (!allow_duplicate) {
        const same = await searchCustomers(deps.y2, call, { email: given.email }, 5, {
          isFresh: true,
        });
        if (same.length > 0)
          throw new Failure("CONFLICT", "There is a customer with this e-mail already.", {
            hint: "Use that one, or set allow_duplicate when it is somebody else.",
            details: { customer_ids: same.map(({ id }) => id) },
          });
      }
      const result = await deps.y2.ask(call, {
        operation: OPERATIONS.addCustomer,
        parameters: [
          ["customerData", customerFields(named(name, given), { CustomerId: customer_id })],
        ],
        kind: "customers",
      });
      const id = result?.text.trim() ?? "";
      if (id === "")
        throw new Failure("SCHEMA_MISMATCH", "Cegid Y2 did not tell the new customer's id.", {
          hint: "Look with list_customers whether it is there before you try again.",
        });
      const customer = await getCustomer(deps.y2, call, id, { isFresh: true });
      return { data: customer, text: `Created ${id}: ${nameOf(customer)}` };
    },
  });

/** "Ana Maria Costa" is Ana Maria, of the family Costa; a company has its name as one. */
function named(name: string, given: CustomerIn): CustomerIn {
  if (given.last_name !== undefined) return given;
  if (given.is_company) return { ...given, last_name: name };
  const words = name.split(/\s+/);
  const last = words.at(-1) ?? name;
  const first = words.slice(0, -1).join(" ") || undefined;
  return { ...given, first_name: given.first_name ?? first, last_name: last };
}

const updateCustomer = (deps: CegidDeps) =>
  defineTool({
    name: "update_customer",
    title: "Change a customer",
    description: "Changes what is named of a customer; the rest stays as it is.",
    effect: "update",
    idempotent: true,
    input: z.object({
      customer_id: idIn,
      data: z.strictObject({ ...customerIn, email: z.email().max(120).optional() }),
    }),
    output: customerOut,
    async run({ customer_id, data }, call) {
      refuseWrites(deps);
      refuseMissing(
        Object.values(data).some((value) => value !== undefined)
          ? {}
          : { data: "at least one field to change" },
        "update_customer",
      );
      await getCustomer(deps.y2, call, customer_id, { isFresh: true });
      await deps.y2.ask(call, {
        operation: OPERATIONS.updateCustomer,
        parameters: [
          ["customerId", customer_id],
          ["modifiedData", customerFields(data, null)],
        ],
        kind: "customers",
      });
      const customer = await getCustomer(deps.y2, call, customer_id, { isFresh: true });
      return { data: customer, text: customerTable([customer]) };
    },
  });

const findByReference = (deps: CegidDeps) =>
  defineTool({
    name: "find_customer_by_reference",
    title: "Find a customer by reference",
    description: "The id of the customer who bears this reference of another system.",
    effect: "read",
    input: z.object({ customer_reference: short }),
    output: z.object({ customer_id: z.string() }),
    async run({ customer_reference }, call) {
      const result = await deps.y2.ask(call, {
        operation: OPERATIONS.customerByReference,
        parameters: [["customerReference", customer_reference]],
        kind: "customers",
      });
      const customer_id = result?.text.trim() ?? "";
      if (customer_id === "")
        throw new Failure("NOT_FOUND", "No customer bears this reference.", {
          hint: "list_customers finds them by name, e-mail or phone.",
        });
      return { data: { customer_id } };
    },
  });
