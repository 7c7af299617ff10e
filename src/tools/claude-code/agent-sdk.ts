import { z } from "zod";

/**
 * As much of `@anthropic-ai/claude-agent-sdk` as is used. It is not among our dependencies: it has terms of its own, and
 * brings a program for each system. Whoever runs her installs it. https://platform.claude.com/docs/en/agent-sdk/typescript
 */
export interface AgentSdk {
  readonly query: (asked: {
    readonly prompt: string;
    readonly options: AgentOptions;
  }) => AsyncIterable<unknown>;
}

export interface AgentOptions {
  readonly abortController: AbortController;
  readonly cwd: string;
  readonly maxTurns: number;
  /** The agent stops when it has spent more. */
  readonly maxBudgetUsd?: number;
  readonly permissionMode: "acceptEdits";
  /** Its own; without it the agent has none at all. */
  readonly systemPrompt: { readonly type: "preset"; readonly preset: "claude_code" };
  /** Run without asking, for example `Bash(npm test:*)`. */
  readonly allowedTools: string[];
  /** Empty: nobody's settings of the machine or the folder, which could allow more. */
  readonly settingSources: [];
  /** All that it gets of an environment. */
  readonly env: Record<string, string>;
  readonly persistSession: false;
  readonly pathToClaudeCodeExecutable?: string;
  /** Asked for whatever is neither an edit within `cwd` nor in `allowedTools`. */
  readonly canUseTool: (
    tool: string,
    input: Record<string, unknown>,
  ) => Promise<{ readonly behavior: "deny"; readonly message: string }>;
}

const module = z.looseObject({
  query: z.custom<AgentSdk["query"]>((value) => typeof value === "function"),
});

const NAME = "@anthropic-ai/claude-agent-sdk";

/** null when it is not installed. Loaded when it is used for the first time. */
export async function loadAgentSdk(): Promise<AgentSdk | null> {
  try {
    // The name is not written out: where it is not installed, there are no types of it either.
    return module.parse(await import(NAME));
  } catch {
    return null; // Not installed, or not what it was.
  }
}

const tokens = z.number().nullish();

const message = z.discriminatedUnion("type", [
  z.looseObject({
    type: z.literal("assistant"),
    message: z.looseObject({
      id: z.string().nullish(),
      usage: z
        .looseObject({
          input_tokens: tokens,
          cache_read_input_tokens: tokens,
          cache_creation_input_tokens: tokens,
          output_tokens: tokens,
        })
        .nullish(),
      content: z.array(
        z.looseObject({
          type: z.string(),
          name: z.string().nullish(),
          input: z.unknown().optional(),
        }),
      ),
    }),
  }),
  z.looseObject({
    type: z.literal("result"),
    subtype: z.string(),
    result: z.string().nullish(),
    is_error: z.boolean().nullish(),
    total_cost_usd: z.number().nullish(),
    num_turns: z.number().nullish(),
  }),
]);

export type AgentMessage = z.infer<typeof message>;

/** null for what we have no use for. */
export const readMessage = (raw: unknown): AgentMessage | null =>
  message.safeParse(raw).data ?? null;
