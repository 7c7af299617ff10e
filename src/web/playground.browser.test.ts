import { expect, test } from "vitest";
import { z } from "zod";
import { describePlayground } from "../../test/open-playground.ts";
import { call, failing, say, scriptedModel, slowly } from "../../test/scripted-model.ts";
import { defineTool } from "../core/tool.ts";

/** A tool that works until the test lets it finish. */
function heldTool() {
  const work = Promise.withResolvers<{ text: string }>();
  const ponder = defineTool({
    name: "ponder",
    description: "",
    label: "Thinking it over",
    effect: "read",
    timeoutMs: 60_000,
    input: z.object({}),
    run: () => work.promise,
  });
  return { ponder, finish: () => work.resolve({ text: "42" }) };
}

describePlayground("the playground", (open) => {
  test("an answer grows, shows its tool at work, and ends with what it cost", async () => {
    const { ponder, finish } = heldTool();
    const model = scriptedModel([call(["ponder", {}]), say("It is **42**. ", "Really.")]);
    await using opened = await open(model, [ponder]);
    const { page, complaints, ask, ended, answer } = opened;

    await ask("What is it?");
    await page.locator(".steps .at-work", { hasText: "Thinking it over…" }).waitFor();
    expect(await page.getByRole("button", { name: "Stop" }).isVisible()).toBe(true);
    expect(await answer(0).getAttribute("aria-busy")).toBe("true");
    finish();
    await ended(0);

    expect(await page.locator(".steps .done").textContent()).toMatch(/^Thinking it over \d+ ms$/);
    expect(await answer(0).locator(".words strong").textContent()).toBe("42");
    expect(await answer(0).locator(".figures").textContent()).toMatch(
      /^script-1 · 20 tokens in, 10 out · \$0\.002 · /,
    );
    expect(await page.getByRole("button", { name: "Stop" }).isVisible()).toBe(false);
    expect(await page.locator("#announcer").textContent()).toBe("It is 42. Really.");
    expect(complaints).toEqual([]);
  });

  test("a call that waits is approved by typing what its card says, and its outcome follows", async () => {
    const send = defineTool({
      name: "send",
      description: "",
      label: "Sending",
      effect: "outside",
      timeoutMs: 5_000,
      input: z.object({}),
      run: async () => ({ text: "out" }),
    });
    const model = scriptedModel([call(["send", {}]), say("It waits."), say("It is out.")]);
    await using opened = await open(model, [send]);
    const { page, ask, ended, answer } = opened;

    await ask("Send it");
    await ended(0);
    const card = (await answer(0).locator(".words").textContent()) ?? "";
    await ask(/\/approve [0-9a-f]{16}/.exec(card)?.[0] ?? "no card");
    await ended(1);

    expect(await answer(1).locator(".words").textContent()).toBe("It is out.");
    await page.reload();
    await answer(1).getByText("It is out.").waitFor();
    expect(await page.locator("body").textContent()).toContain("✅ Approved: Use send");
  });

  test("Escape stops the answer, and what was said stays", async () => {
    const words = Array.from({ length: 500 }, (_, index) => `Sentence ${index}. `);
    await using opened = await open(scriptedModel([slowly(20, say(...words))]));
    const { page, ask, ended, answer } = opened;

    await ask("Tell me all.");
    await answer(0).getByText("Sentence 3.").waitFor();
    await page.keyboard.press("Escape");
    await ended(0);

    expect(await answer(0).locator(".words").textContent()).toMatch(/^Sentence 0\..*Stopped\.$/s);
    expect(await answer(0).getAttribute("aria-busy")).toBe("false");
  });

  test("a question that waits says so, and is answered in its turn", async () => {
    const first = slowly(20, say(...Array.from({ length: 40 }, () => "One. ")));
    await using opened = await open(scriptedModel([first, say("Two.")]));
    const { ask, ended, answer } = opened;

    await ask("First?");
    await ask("Second?");
    await answer(1).getByText("Waits for one answer before it…").waitFor();
    await ended(1);

    expect(await answer(0).locator(".words").textContent()).toMatch(/^(One\. ?){40}$/);
    expect(await answer(1).locator(".words").textContent()).toBe("Two.");
  });

  test("an edited question is answered anew in the same place, and a deleted one goes", async () => {
    await using opened = await open(
      scriptedModel([say("A tomato."), say("A potato."), say("Other.")]),
    );
    const { page, ask, ended, answer } = opened;
    await ask("What is red?");
    await ended(0);

    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Your question, to be changed").fill("What is brown?");
    await page.keyboard.press("Enter");
    await answer(0).getByText("A potato.").waitFor();
    await ended(0);
    expect(await page.locator(".question .words").allTextContents()).toEqual(["What is brown?"]);
    expect(await page.locator(".answer .words").allTextContents()).toEqual(["A potato."]);

    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete for good?" }).click();
    await page.locator(".question").waitFor({ state: "hidden" });
    await page.reload();
    await answer(0).getByText("A potato.").waitFor();
    expect(await page.getByText("What is brown?").count()).toBe(0);
  });

  test("a question deleted while it is answered takes its half answer with it", async () => {
    const words = Array.from({ length: 500 }, (_, index) => `Sentence ${index}. `);
    await using opened = await open(scriptedModel([slowly(20, say(...words))]));
    const { page, ask, answer } = opened;
    await ask("Tell me all.");
    await answer(0).getByText("Sentence 3.").waitFor();

    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete for good?" }).click();
    await page.locator("#welcome").waitFor();

    expect(await page.locator(".exchange").count()).toBe(0);
  });

  test("a reload finds the history, and goes on with the answer that grows", async () => {
    const second = slowly(20, say(...Array.from({ length: 100 }, (_, index) => `Part ${index}. `)));
    await using opened = await open(scriptedModel([say("One."), second]));
    const { page, ask, ended, answer } = opened;
    await ask("First?");
    await ended(0);
    await ask("Second?");
    await answer(1).getByText("Part 3.").waitFor();

    await page.reload();
    await answer(1).getByText("Part 3.").waitFor();
    expect(await page.getByRole("button", { name: "Stop" }).isVisible()).toBe(true);
    await ended(1);

    expect(await page.locator(".question .words").allTextContents()).toEqual(["First?", "Second?"]);
    expect(await answer(0).locator(".words").textContent()).toBe("One.");
    expect(await answer(1).locator(".words").textContent()).toContain("Part 99.");
  });

  test("a reload shows a tool that is at work", async () => {
    const { ponder, finish } = heldTool();
    const model = scriptedModel([call(["ponder", {}]), say("It is 42.")]);
    await using opened = await open(model, [ponder]);
    const { page, ask, ended, answer } = opened;
    await ask("What is it?");
    await page.locator(".steps .at-work").waitFor();

    await page.reload();
    await page.locator(".steps .at-work", { hasText: "Thinking it over…" }).waitFor();
    finish();
    await ended(0);

    expect(await answer(0).locator(".words").textContent()).toBe("It is 42.");
    const figures = await answer(0).locator(".figures").textContent();
    const tokens = /\d+ tokens in, \d+ out/.exec(figures ?? "")?.[0];
    await page.reload();
    await ended(0);
    expect(await page.locator(".steps .done").textContent()).toMatch(/^Ponder /);
    expect(await answer(0).locator(".figures").textContent()).toContain(tokens);
  });

  test("a question without an answer goes as a whole when it is deleted", async () => {
    await using opened = await open(scriptedModel([failing("overloaded")]));
    const { page, ask, ended } = opened;
    await ask("Are you there?");
    await ended(0);
    await page.reload();

    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete for good?" }).click();
    await page.locator("#welcome").waitFor();

    expect(await page.locator(".exchange").count()).toBe(0);
  });

  test("each conversation has its own history", async () => {
    await using opened = await open(scriptedModel([say("One."), say("Two.")]));
    const { page, ask, ended, answer } = opened;
    await ask("First?");
    await ended(0);

    await page.getByRole("button", { name: "New conversation" }).first().click();
    await page.locator("#welcome").waitFor();
    await ask("Second?");
    await ended(0);
    expect(await page.locator(".question .words").allTextContents()).toEqual(["Second?"]);
    await page.getByRole("button", { name: "First?" }).click();
    await answer(0).getByText("One.").waitFor();

    expect(await page.locator(".question .words").allTextContents()).toEqual(["First?"]);
    expect(await page.locator("#conversations [aria-current]").textContent()).toBe("First?");
  });

  test("a model that fails is a sentence, and what could not be sent is not lost", async () => {
    await using opened = await open(scriptedModel([failing("overloaded")]));
    const { page, ask, ended } = opened;
    await ask("Are you there?");
    await ended(0);
    expect(await page.locator("[data-trouble=yes] .answer .words").textContent()).toContain(
      "not reachable",
    );

    await page.route("**/messages", (route) => route.abort());
    await ask("And now?");
    await page.locator("#trouble").waitFor();

    expect(await page.locator("#trouble").textContent()).toBe(
      "Clara does not answer. Is she still running?",
    );
    expect(await page.getByLabel("Your question").inputValue()).toBe("And now?");
  });

  test("the page says that this is the demo, and what turns on more", async () => {
    await using opened = await open(scriptedModel([]));
    const { page } = opened;

    await page.getByText("This is the demo model").click();

    expect(await page.locator("#rooms li").allInnerTexts()).toEqual([
      expect.stringMatching(/models\s+on\s+a demo model answers\s+set ANTHROPIC_API_KEY/),
      expect.stringMatching(/discord\s+off\s+DISCORD_BOT_TOKEN is not set/),
    ]);
  });

  test("on a phone nothing is wider than the screen, save what scrolls by itself", async () => {
    const wide = `${"long".repeat(200)}\n\n\`\`\`\n${"code ".repeat(100)}\n\`\`\`\n\n|${" cell |".repeat(20)}\n|${"---|".repeat(20)}`;
    await using opened = await open(scriptedModel([say(wide)]));
    const { page, ask, ended } = opened;

    await ask("wide ".repeat(50));
    await ended(0);

    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(await page.evaluate("document.querySelector('main').scrollWidth")).toBe(390);
    expect(await page.locator(".wide table").count()).toBe(1);
  });

  test("a page finds its way back when Clara was gone for a while", async () => {
    await using opened = await open(scriptedModel([say("One."), say("Two.")]));
    const { page, ask, ended, closeWeb, openWeb } = opened;
    await ask("First?");
    await ended(0);

    await closeWeb();
    await page.getByText("The connection to Clara is lost.").waitFor();
    await openWeb();
    await page.locator("#lost").waitFor({ state: "hidden" });
    await ask("Second?");
    await ended(1);

    expect(await page.locator(".question .words").allTextContents()).toEqual(["First?", "Second?"]);
    expect(await page.locator(".answer .words").allTextContents()).toEqual(["One.", "Two."]);
  });
});
