import type { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
const said = (text: string) => ({ content: [{ type: "text" as const, text }] });

/** Of the protocol of 2025: lines of a log, and questions from the server to the caller. */
export function legacyTools(server: McpServer): void {
  server.registerTool(
    "test_tool_with_logging",
    { description: "Tells what it does, line by line." },
    async ({ mcpReq }) => {
      await mcpReq.log("info", "Tool execution started");
      await soon();
      await mcpReq.log("info", "Tool processing data");
      await soon();
      await mcpReq.log("info", "Tool execution completed");
      return said("Done.");
    },
  );
  server.registerTool(
    "test_sampling",
    { description: "Asks the caller's model.", inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, { mcpReq }) => {
      const answer = await mcpReq.requestSampling({
        messages: [{ role: "user", content: { type: "text", text: prompt } }],
        maxTokens: 100,
      });
      const { content } = answer;
      return said(`LLM response: ${"text" in content ? content.text : ""}`);
    },
  );
  server.registerTool(
    "test_elicitation",
    { description: "Asks the person.", inputSchema: z.object({ message: z.string() }) },
    async ({ message }, { mcpReq }) => {
      const answer = await mcpReq.elicitInput({
        mode: "form",
        message,
        requestedSchema: {
          type: "object",
          properties: {
            username: { type: "string", description: "User's response" },
            email: { type: "string", description: "User's email address" },
          },
          required: ["username", "email"],
        },
      });
      return said(
        `User response: action: ${answer.action}, content: ${JSON.stringify(answer.content ?? {})}`,
      );
    },
  );
  elicitationForms(server);
  server.server.setRequestHandler("resources/subscribe", () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", () => ({}));
}

function elicitationForms(server: McpServer): void {
  server.registerTool(
    "test_elicitation_sep1034_defaults",
    { description: "Asks with values that are filled in." },
    async ({ mcpReq }) => {
      const answer = await mcpReq.elicitInput({
        mode: "form",
        message: "Please look at these values.",
        requestedSchema: {
          type: "object",
          properties: {
            name: { type: "string", default: "John Doe" },
            age: { type: "integer", default: 30 },
            score: { type: "number", default: 95.5 },
            status: {
              type: "string",
              enum: ["active", "inactive", "pending"],
              default: "active",
            },
            verified: { type: "boolean", default: true },
          },
        },
      });
      return said(completed(answer));
    },
  );
  server.registerTool(
    "test_elicitation_sep1330_enums",
    { description: "Asks to choose, in five ways." },
    async ({ mcpReq }) => {
      const titled = [
        { const: "value1", title: "First Option" },
        { const: "value2", title: "Second Option" },
        { const: "value3", title: "Third Option" },
      ];
      const plain = ["option1", "option2", "option3"];
      const answer = await mcpReq.elicitInput({
        mode: "form",
        message: "Please choose.",
        requestedSchema: {
          type: "object",
          properties: {
            untitledSingle: { type: "string", enum: plain },
            titledSingle: { type: "string", oneOf: titled },
            legacyEnum: {
              type: "string",
              enum: ["opt1", "opt2", "opt3"],
              enumNames: ["Option One", "Option Two", "Option Three"],
            },
            untitledMulti: { type: "array", items: { type: "string", enum: plain } },
            titledMulti: { type: "array", items: { anyOf: titled } },
          },
        },
      });
      return said(completed(answer));
    },
  );
}

const completed = ({ action, content }: { readonly action: string; readonly content?: unknown }) =>
  `Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`;
