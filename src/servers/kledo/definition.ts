import type { ServerDefinition } from "../kit/definition.ts";
import type { KledoDeps } from "./deps.ts";
import { analytics } from "./tools/analytics.ts";
import { openAmounts } from "./tools/analytics-open.ts";
import { contacts } from "./tools/contacts.ts";
import { documents } from "./tools/documents.ts";
import { financial } from "./tools/financial.ts";
import { ledger } from "./tools/ledger.ts";
import { pendingDeliveries } from "./tools/pending.ts";
import { products } from "./tools/products.ts";
import { reports } from "./tools/reports.ts";
import { totals } from "./tools/totals.ts";
import { utility } from "./tools/utility.ts";

const INSTRUCTIONS = `Reads the books of one company in Kledo, an Indonesian accounting service. Nothing is ever changed there.
Amounts are rupiah, exact, as texts such as "1500000.00". Ids cannot be guessed: lists and searches give them.
Times may be days (2026-03-31), months (2026-03), years, or words in English or Indonesian (last_month, bulan lalu, 3 months ago); days are those of the company's time zone.
Invoices are 1 unpaid, 2 partially paid or 3 paid; orders and deliveries 5 open, 6 partially delivered or 7 closed.
The analytics_ tools add up all documents of a time exactly; add up a list yourself only when its next_cursor is null.`;

const DEMO =
  "This is a demo: the books are made up, of a company that does not exist. Say so when you tell anything from them.";

/** All that this server offers. */
export const describeKledo = (
  deps: KledoDeps,
  version: string,
  health: ServerDefinition["health"],
  isDemo: boolean,
): ServerDefinition => ({
  name: "kledo",
  title: isDemo ? "Kledo (demo)" : "Kledo",
  version,
  instructions: isDemo ? `${DEMO}\n${INSTRUCTIONS}` : INSTRUCTIONS,
  tools: [
    ...financial(deps),
    ...documents(deps),
    ...totals(deps),
    pendingDeliveries(deps),
    ...products(deps),
    ...contacts(deps),
    ...ledger(deps),
    ...reports(deps),
    ...analytics(deps),
    ...openAmounts(deps),
    ...utility(deps),
  ],
  resources: [],
  prompts: [],
  takesUserId: false,
  health,
});
