/** A whole MCP server in one file without needs, as a package brings it. Its tools say what it was given. */
export const TINY_SERVER = `
const tools = [
  { name: "say", description: "Says words", inputSchema: { type: "object", properties: { words: { type: "string" } } } },
  { name: "env", description: "Says what it was given", inputSchema: { type: "object", properties: {} } },
];
const answers = {
  initialize: (params) => ({
    protocolVersion: params.protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "tiny", version: "1.0.0" },
  }),
  ping: () => ({}),
  "tools/list": () => ({ tools }),
  "tools/call": ({ name, arguments: given }) => ({
    content: [{ type: "text", text: name === "say" ? given.words : JSON.stringify([process.env.TINY_KEY, process.argv.slice(2)]) }],
  }),
};
require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method, params = {} } = JSON.parse(line);
    if (id === undefined) return;
    const answer = answers[method];
    const rest = answer ? { result: answer(params) } : { error: { code: -32601, message: "Method not found" } };
    process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, ...rest }) + "\\n");
  });
`;
