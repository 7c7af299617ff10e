import { expect, test } from "vitest";
import { createFakeOutlet } from "../../test/fake-outlet.ts";
import { withCards } from "../agent/approval-words.ts";
import type { Approval } from "../core/approvals.ts";
import { conversationId, turnId, userId } from "../core/ids.ts";
import { renderCard } from "./approval-card.ts";

/** The card of a call that wants to open `url`. */
function cardFor(url: string, change: Partial<Approval> = {}) {
  const approval: Approval = {
    id: "0123456789abcdef",
    turnId: turnId("turn:discord:1"),
    conversationId: conversationId("discord:channel:1"),
    askerId: userId("discord:ana"),
    askerName: "ana",
    state: "open",
    tool: "read_url",
    effect: "read",
    input: { url },
    argsHash: "",
    what: "Open a page",
    target: url,
    reversible: false,
    clicker: "asker",
    taints: Array.from({ length: 8 }, () => ({ source: "web", name: "x".repeat(99) })),
    ...change,
  };
  const { voice } = createFakeOutlet({ idPrefix: "" });
  const [card] = withCards({ voice: { ...voice, card: renderCard } }, { text: "", parts: [] }, [
    approval,
  ]);
  return card;
}

test("a card about an address shows its host by itself, and every character of it", () => {
  const url = "https://evil.example/p?who=ana&d=my*~secret";

  const { content = "", file } = cardFor(url) ?? {};

  expect(content).toContain("On: `evil.example`");
  expect(content).toContain("\nhttps://evil.example/p?who=ana&d=my*~secret\n");
  expect(content).toContain("sees all 43 characters");
  expect(content).not.toContain("cannot be undone");
  expect(file).toBeNull();
});

test("of a very long one the beginning, the end and how much is between, and all of it in the file", () => {
  const url = `https://evil.example/?d=${"words".repeat(700)}&end`;

  const { content = "", file } = cardFor(url) ?? {};

  expect(content.length).toBeLessThanOrEqual(2_000);
  expect(content).toMatch(/ … 3028 characters more … [a-z]+&end\n/);
  expect(file?.text).toContain(url);
});

test("a read that asks because of a rule is not said to open an address that was made up", () => {
  const search = { tool: "web_search", what: "Search the web", target: "", taints: [] };

  expect(cardFor("", search)?.content).not.toMatch(/made this address|undone|To:/);
  const typed = cardFor("https://said.example/", { taints: [] })?.content;
  expect(typed).toContain("To: `https://said.example/`");
  expect(typed).not.toContain("made this address");
});
