import { fromJsonSchema, type McpServer } from "@modelcontextprotocol/server";

/** Its value stands in the header Mcp-Param-Region, too. */
const region = { type: "string", "x-mcp-header": "Region" } as const;

const said = (text: string) => ({ content: [{ type: "text" as const, text }] });

/** Tools whose schemas no zod could say: they have to reach the caller as they are. */
export function schemaTools(server: McpServer): void {
  server.registerTool(
    "json_schema_2020_12_tool",
    {
      description: "Tool with JSON Schema 2020-12 features",
      inputSchema: fromJsonSchema({
        $schema: "https://json-schema.org/draft/2020-12/schema",
        type: "object",
        $defs: {
          address: {
            $anchor: "addressDef",
            type: "object",
            properties: { street: { type: "string" }, city: { type: "string" } },
          },
        },
        properties: {
          name: { type: "string" },
          address: { $ref: "#/$defs/address" },
          contactMethod: { type: "string", enum: ["phone", "email"] },
          phone: { type: "string" },
          email: { type: "string" },
        },
        allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
        if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
        // oxlint-disable-next-line unicorn/no-thenable
        then: { required: ["phone"] },
        else: { required: ["email"] },
        additionalProperties: false,
      }),
    },
    async () => said("It fits."),
  );
  server.registerTool(
    "test_custom_header",
    {
      description: "Has an argument that is said in a header, too.",
      inputSchema: fromJsonSchema<{ region: string }>({
        type: "object",
        properties: { region },
        required: ["region"],
      }),
    },
    async (given) => said(given.region),
  );
}
