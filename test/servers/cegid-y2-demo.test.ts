import { expect, test } from "vitest";
import { openCegidY2 } from "../../src/servers/cegid-y2/open-cegid-y2.ts";
import { CASES } from "./cegid-y2/cases.ts";
import { helpers } from "./cegid-y2/open.ts";
import { connectByHttp, connectByStdio, serveOverHttp } from "./connect.ts";
import { serverMachine } from "./machine.ts";

/** A program that starts on a busy machine takes its time. */
const STARTING_MS = 300_000;

const NOW = new Date("2026-11-24T11:00:00Z");

test(
  "with --demo, and no account, a sale is made and seen in the figures of its month",
  async () => {
    await using connected = await connectByStdio(["cegid-y2", "--demo"], {}, { now: NOW });
    const { call } = helpers(connected);
    const figures = async () =>
      (await call("get_financial_summary", { period: "2026-11" }))["totals"];
    const before = await figures();

    const created = await call("create_invoice", {
      customer_id: "WEB000001",
      items: [{ item_reference: "3700000000001", quantity: 1, unit_price: "29.90" }],
      payments: [{ method_id: "CB", amount: "29.90" }],
    });
    const after = await figures();

    expect(created["id"]).toMatch(/^Receipt\/FFO001\/\d+$/);
    expect(before).toMatchObject([
      { currency: "CHF", receipts: 2 },
      { currency: "EUR", receipts: 14 },
    ]);
    expect(after).toMatchObject([
      { currency: "CHF", receipts: 2 },
      { currency: "EUR", receipts: 15 },
    ]);
  },
  STARTING_MS,
);

test("in the demo every tool has something to give, and whoever signs in has shops of their own", async () => {
  const machine = serverMachine({}, { clock: { now: () => NOW } });
  await using served = await serveOverHttp(machine, await openCegidY2(machine, { isDemo: true }));
  await using connected = await connectByHttp(served.url);
  const { tools } = await connected.client.listTools();
  const { call } = helpers(connected);

  await call("update_customer", {
    customer_id: "WEB000001",
    data: { city: "Nice" },
    user_id: "anna",
  });
  const anna = await call("get_customer_details", { customer_id: "WEB000001", user_id: "anna" });
  const berta = await call("get_customer_details", { customer_id: "WEB000001", user_id: "berta" });
  const picture = await call("get_product_image", { item_code: "TSH100" });

  expect(anna["city"]).toBe("Nice");
  expect(berta["city"]).toBe("Paris");
  expect(picture["mime_type"]).toBe("image/png");
  expect(new Set(CASES.map(({ tool }) => tool)).size).toBe(tools.length);
});
