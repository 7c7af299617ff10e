import { z } from "zod";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { ENDPOINTS } from "../api/endpoints.ts";
import { documentRow } from "../api/wire.ts";
import { DELIVERY_OPEN } from "../codes.ts";
import type { KledoDeps } from "../deps.ts";
import { documentOut, documentTable, toDocument } from "../documents.ts";

/** Deliveries that nothing has been done about: status 5, where the original asked for an invoice's status 1. */
export const pendingDeliveries = (deps: KledoDeps): Tool =>
  defineTool({
    name: "delivery_get_pending",
    title: "Pending deliveries",
    description: "All deliveries that are open, the oldest first.",
    effect: "read",
    input: z.object({}),
    output: z.object({
      documents: z.array(documentOut),
      total: z.int(),
      is_whole: z.boolean(),
    }),
    async run(_, call) {
      const query = { status_id: DELIVERY_OPEN, sort_by: "trans_date", order_by: "asc" };
      const { rows, isWhole } = await deps.api.all(
        call,
        { kind: "deliveries", path: ENDPOINTS.deliveries.list, query },
        documentRow,
      );
      return {
        data: { documents: rows.map(toDocument), total: rows.length, is_whole: isWhole },
        text: documentTable(rows, rows.length),
      };
    },
  });
