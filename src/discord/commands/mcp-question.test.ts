import assert from "node:assert/strict";
import { describe, expect, test } from "vitest";
import { commandContext } from "../../../test/command-context.ts";
import { openEmbeddedStore, share } from "../../../test/open-test-store.ts";
import { newChannel, newName } from "../../../test/talk.ts";
import { systemClock } from "../../core/clock.ts";
import type { McpField, McpQuestion } from "../../core/mcp-questions.ts";
import { createMcpQuestionPress, mcpQuestionActions } from "./mcp-question.ts";
import type { Control } from "./reply.ts";

const store = share(openEmbeddedStore);

const field = (change: Partial<McpField>): McpField => ({
  name: "size",
  label: "Size",
  description: "",
  type: "integer",
  choices: [],
  isRequired: true,
  initial: "",
  ...change,
});
const formOf = (...fields: readonly McpField[]): McpQuestion => ({
  kind: "form",
  serverName: "Shop",
  message: "Which one? `x` [free](https://evil.example) @everyone",
  fields,
});

/** A question that waits for somebody in a channel. */
async function waiting(question: McpQuestion) {
  const { mcpQuestions } = store();
  const [name, channel] = [newName("ana"), newChannel()];
  const deps = { mcpQuestions, clock: systemClock };
  const id = newName("q").slice(0, 22);
  const context = commandContext(channel, name);
  const expiresAt = new Date(Date.now() + 60_000);
  await mcpQuestions.ask(context.scope, { id, question, expiresAt });
  const press = createMcpQuestionPress(deps);
  const actions = mcpQuestionActions(deps);
  const actionOf = (wanted: string) => {
    const found = actions.find((each) => each.name === wanted);
    assert(found, `no action ${wanted}`);
    return found;
  };

  return {
    id,
    press,
    context,
    stranger: commandContext(channel, newName("ben")),
    heard: () => mcpQuestions.heard(context.scope, id),
    look: async () => {
      const outcome = await press(`mcp-ask:${id}`, context);
      assert(outcome?.kind === "reply", JSON.stringify(outcome));
      return outcome.reply;
    },
    /** As the frame does: a button, a choice in a select, or a form that was filled in. */
    use: async (
      control: Control,
      given: { chosen?: string; fields?: Record<string, string> } = {},
    ) => {
      assert(control.kind !== "link");
      const action = actionOf(control.action);
      const values = given.chosen === undefined ? [] : [given.chosen];
      if ("run" in action) return action.run({ data: control.data, values, fields: {} }, context);
      const form = action.form({ data: control.data, values: [], fields: {} }, context);
      const filled = actionOf(form.action);
      assert("run" in filled);
      const outcome = await filled.run(
        { data: form.data, values: [], fields: given.fields ?? {} },
        context,
      );
      return { form, outcome };
    },
  };
}

const controlsOf = (rows: readonly (readonly Control[])[] | undefined) => rows?.flat() ?? [];

describe("what a server asks, in Discord", () => {
  test("is shown to the one who was asked, and to nobody else", async () => {
    const { press, id, look, stranger, heard } = await waiting(formOf(field({})));

    expect(await press(`mcp-ask:${id}`, stranger)).toMatchObject({ kind: "whisper" });
    expect(await press(`mcp-no:${id}`, stranger)).toMatchObject({ kind: "whisper" });
    expect(await heard()).toBeNull();
    expect((await look()).text).toContain("Which one?");
  });

  test("is quoted so that nothing in it is a link or ends the quotation", async () => {
    const { look } = await waiting(formOf(field({})));

    const { text } = await look();

    expect(text.match(/```/g)).toHaveLength(2);
    expect(text).toContain("ʼxʼ");
    expect(text).toContain("Enter no passwords");
  });

  test("is a form, whose values are read before they are sent", async () => {
    const { look, use, heard } = await waiting(formOf(field({ minimum: 1, maximum: 9 })));
    const [answer] = controlsOf((await look()).rows);
    assert(answer);

    const wrong = await use(answer, { fields: { field0: "twelve" } });
    const nothing = await heard();
    const right = await use(answer, { fields: { field0: "7" } });

    expect(wrong).toMatchObject({
      form: { title: "For Shop", fields: [{ name: "field0", label: "Size", isRequired: true }] },
      outcome: { kind: "whisper", reply: { text: expect.stringContaining("whole number from 1") } },
    });
    expect(nothing).toBeNull();
    expect(right).toMatchObject({ outcome: { kind: "replace" } });
    expect(await heard()).toEqual({ kind: "accepted", values: { size: "7" } });
  });

  test("is answered once", async () => {
    const { look, use } = await waiting(formOf(field({ type: "boolean" })));
    const [yes, no] = controlsOf((await look()).rows);
    assert(yes && no);

    expect(await use(yes)).toMatchObject({ reply: { text: "✅ Answered." } });
    expect(await use(no)).toMatchObject({ kind: "whisper" });
  });

  test("of yes or no is two buttons, and a no is an answer", async () => {
    const { look, use, heard } = await waiting(formOf(field({ type: "boolean" })));
    const [, no] = controlsOf((await look()).rows);
    assert(no);

    await use(no);

    expect(await heard()).toEqual({ kind: "accepted", values: { size: "no" } });
  });

  test("of one choice is a list", async () => {
    const choices = [{ value: "s", name: "Small" }];
    const { look, use, heard } = await waiting(formOf(field({ type: "choice", choices })));
    const [list] = controlsOf((await look()).rows);
    assert(list?.kind === "select");

    await use(list, { chosen: "s" });

    expect(await heard()).toEqual({ kind: "accepted", values: { size: "s" } });
  });

  test("is declined below the announcement, which then says so", async () => {
    const { press, id, context, heard } = await waiting(formOf(field({})));

    const outcome = await press(`mcp-no:${id}`, context);

    expect(outcome).toEqual({ kind: "replace", text: "❔ Not answered.", rows: [] });
    expect(await heard()).toEqual({ kind: "declined" });
  });

  test("of a page is a link with its host in plain sight", async () => {
    const url = "https://pay.example/now?x=1";
    const { look, use, heard } = await waiting({
      kind: "page",
      serverName: "Shop",
      message: "Pay",
      url,
    });
    const { text, rows } = await look();
    const [link, opened] = controlsOf(rows);
    assert(opened);

    await use(opened);

    expect(text).toContain("leads to **pay.example**");
    expect(link).toMatchObject({ kind: "link", url });
    expect(await heard()).toEqual({ kind: "accepted", values: {} });
  });

  test("of a model shows all that it would read", async () => {
    const { look } = await waiting({
      kind: "sampling",
      serverName: "Shop",
      message: "",
      system: "Be brief.",
      text: "Two and two?",
    });

    expect((await look()).text).toMatch(/Be brief\.[^]*Two and two\?[^]*your budget/);
  });

  test("another button is none of these", async () => {
    const { press, context } = await waiting(formOf(field({})));

    expect(await press("done:1:1", context)).toBeNull();
  });
});
