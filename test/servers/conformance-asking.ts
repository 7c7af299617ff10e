import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type ClientCapabilities,
  type InputRequests,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";

const said = (text: string) => ({ content: [{ type: "text" as const, text }] });

interface State {
  readonly round: number;
}

export const stateCodec = createRequestStateCodec<State>({
  key: "the-conformance-suite-checks-that-this-holds",
});

const ask = (message: string, field: string) =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: "object",
      properties: { [field]: { type: "string" } },
      required: [field],
    },
  });

const confirm = () =>
  inputRequired.elicit({
    message: "Please confirm",
    requestedSchema: { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] },
  });

const sample = (text: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: "user", content: { type: "text", text } }],
    maxTokens,
  });

/** Of the protocol of 2026: tools that want to know something first, and are called again with it. */
export function askingTools(server: McpServer): void {
  const add = (
    name: string,
    run: (
      context: ServerContext,
    ) => Promise<ReturnType<typeof said> | ReturnType<typeof inputRequired>>,
  ) => server.registerTool(name, { description: "Wants to know something first." }, run);

  add("test_input_required_result_elicitation", async ({ mcpReq }) => {
    const given = acceptedContent<{ name?: unknown }>(mcpReq.inputResponses, "user_name");
    return typeof given?.name === "string"
      ? said(`Hello, ${given.name}!`)
      : inputRequired({ inputRequests: { user_name: ask("What is your name?", "name") } });
  });
  add("test_input_required_result_sampling", async ({ mcpReq }) => {
    const given = inputResponse(mcpReq.inputResponses, "capital_question");
    return given.kind === "sampling"
      ? said(JSON.stringify(given.result.content))
      : inputRequired({
          inputRequests: { capital_question: sample("What is the capital of France?", 100) },
        });
  });
  add("test_input_required_result_list_roots", async ({ mcpReq }) => {
    const given = inputResponse(mcpReq.inputResponses, "client_roots");
    return given.kind === "roots"
      ? said(given.roots.map(({ uri }) => uri).join(" "))
      : inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  add("test_input_required_result_request_state", async (context) => {
    const { mcpReq } = context;
    const given = acceptedContent(mcpReq.inputResponses, "confirm");
    if (given && mcpReq.requestState<State>()?.round === 1) return said("state-ok");
    return inputRequired({
      inputRequests: { confirm: confirm() },
      requestState: await stateCodec.mint({ round: 1 }, context),
    });
  });
  add("test_input_required_result_tampered_state", async (context) => {
    const { mcpReq } = context;
    const given = acceptedContent(mcpReq.inputResponses, "confirm");
    if (given && mcpReq.requestState<State>()?.round === 1) return said("state-ok");
    return inputRequired({
      inputRequests: { confirm: confirm() },
      requestState: await stateCodec.mint({ round: 1 }, context),
    });
  });
  add("test_input_required_result_multiple_inputs", async (context) => {
    const { inputResponses } = context.mcpReq;
    const name = acceptedContent<{ name?: string }>(inputResponses, "user_name")?.name;
    const greeting = inputResponse(inputResponses, "greeting");
    const roots = inputResponse(inputResponses, "client_roots");
    if (name && greeting.kind === "sampling" && roots.kind === "roots")
      return said(`${name}: ${JSON.stringify(greeting.result.content)}, ${roots.roots.length}`);
    return inputRequired({
      inputRequests: {
        user_name: ask("What is your name?", "name"),
        greeting: sample("Generate a greeting", 50),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await stateCodec.mint({ round: 1 }, context),
    });
  });
  add("test_input_required_result_multi_round", async (context) => {
    const { mcpReq } = context;
    const round = mcpReq.requestState<State>()?.round ?? 0;
    if (round === 2 && acceptedContent(mcpReq.inputResponses, "step2")) return said("All told.");
    const isFirst = round === 0 || !acceptedContent(mcpReq.inputResponses, "step1");
    return inputRequired({
      inputRequests: isFirst
        ? { step1: ask("Step 1: What is your name?", "name") }
        : { step2: ask("Step 2: What is your favorite color?", "color") },
      requestState: await stateCodec.mint({ round: isFirst ? 1 : 2 }, context),
    });
  });
  add("test_input_required_result_capabilities", async ({ mcpReq }) => {
    const envelope: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
    const can = envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined;
    const inputRequests: InputRequests = {
      ...(can?.elicitation ? { name: ask("What is your name?", "name") } : {}),
      ...(can?.sampling ? { greeting: sample("Generate a greeting", 50) } : {}),
    };
    return Object.keys(inputRequests).length === 0
      ? said("Nothing can be asked.")
      : inputRequired({ inputRequests });
  });
  add("test_missing_capability", async () =>
    inputRequired({ inputRequests: { greeting: sample("Generate a greeting", 50) } }),
  );
  add("test_streaming_elicitation", async ({ mcpReq }) => {
    await mcpReq.notify({
      method: "notifications/progress",
      params: { progressToken: mcpReq._meta?.progressToken ?? 0, progress: 1, total: 2 },
    });
    return inputRequired({ inputRequests: { name: ask("What is your name?", "name") } });
  });
  add("test_logging_tool", async ({ mcpReq }) => {
    await mcpReq.log("info", "A line of the log");
    return said("Done.");
  });
  server.registerPrompt(
    "test_input_required_result_prompt",
    { description: "Wants to know something first." },
    async ({ mcpReq }) => {
      const given = acceptedContent<{ context?: string }>(mcpReq.inputResponses, "user_context");
      if (!given)
        return inputRequired({
          inputRequests: {
            user_context: ask("What context should the prompt use?", "context"),
          },
        });
      const text = `Context: ${given.context ?? ""}`;
      return { messages: [{ role: "user" as const, content: { type: "text" as const, text } }] };
    },
  );
}
