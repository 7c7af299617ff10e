import { z } from "zod";
import { Failure } from "../../kit/failure.ts";
import { defineTool, type Tool } from "../../kit/tool.ts";
import { id } from "../entities/fields.ts";
import type { QontakDeps } from "../deps.ts";

const MAX_PEOPLE = 100;
const ACCESS = ["view", "edit", "search_association"] as const;

const replySchema = z.looseObject({
  status: z.unknown().optional(),
  message: z.string().nullish(),
  details: z.looseObject({ permissions: z.array(z.unknown()).nullish() }).nullish(),
});

/** Who else may see a deal. Qontak lets it be set, and never read. */
export const permissionTools = (deps: QontakDeps): readonly Tool[] => [
  getPermissions,
  setPermissions(deps),
];

const getPermissions: Tool = defineTool({
  name: "get_deal_permissions",
  title: "Who may see a deal",
  description: "Qontak does not tell it: the answer says so. set_deal_permissions sets it.",
  effect: "read",
  input: z.object({ deal_id: id }),
  output: z.object({}),
  run: () =>
    Promise.reject(
      new Failure("UNSUPPORTED_OPERATION", "Qontak's API does not say who may see a deal.", {
        hint: "People see it in Qontak itself. set_deal_permissions sets it for somebody, whatever it was.",
      }),
    ),
});

const setPermissions = ({ api }: QontakDeps): Tool =>
  defineTool({
    name: "set_deal_permissions",
    title: "Let others see a deal",
    description:
      "Says what people may do with one deal. For each person it replaces what was there: access that is not listed is taken away.",
    effect: "update",
    idempotent: true,
    input: z.object({
      deal_id: id,
      permissions: z
        .array(
          z.object({
            email: z.email().max(255).describe("Of a user of Qontak"),
            access_types: z.array(z.enum(ACCESS)).max(ACCESS.length),
          }),
        )
        .min(1)
        .max(MAX_PEOPLE),
    }),
    output: z.object({
      deal_id: z.int(),
      message: z.string().nullable(),
      permissions: z.array(z.unknown()).describe("As Qontak says they are now"),
    }),
    async run({ deal_id, permissions }, call) {
      const json = { id: deal_id, permissions };
      const answer = await api.write(call, {
        method: "POST",
        path: "/deals/deal_permission",
        json,
      });
      const reply = replySchema.safeParse(answer);
      if (reply.success && isRefused(reply.data.status))
        throw new Failure(
          "UPSTREAM_REJECTED",
          `Qontak refuses it. It says: ${reply.data.message}`,
          {
            hint: "Correct what it names.",
          },
        );
      const { message, details } = reply.success ? reply.data : {};
      return {
        data: { deal_id, message: message ?? null, permissions: details?.permissions ?? [] },
        text: message ?? "Done.",
      };
    },
  });

/** Within its answer stands a status of its own. */
const isRefused = (status: unknown): boolean =>
  (typeof status === "number" && status >= 400) ||
  (typeof status === "string" && /^(error|fail|[45]\d\d)/i.test(status));
