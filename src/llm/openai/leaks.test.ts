import { expect, test } from "vitest";
import { createLeakFilter } from "./leaks.ts";

/** What people see, and what they do not, of an answer that comes in pieces of `size`. */
const filter = (answer: string, size = Infinity) => {
  const leaks = createLeakFilter();
  const pieces = Array.from({ length: Math.ceil(answer.length / size) || 1 }, (_, n) =>
    size === Infinity ? answer : answer.slice(n * size, (n + 1) * size),
  );
  const out = [...pieces.flatMap((piece) => leaks.push(piece)), ...leaks.flush()];
  const textOf = (type: string) =>
    out.flatMap((piece) => (piece.type === type ? [piece.text] : [])).join("");
  // White space before a template token may be out already when the token comes; nobody sees it at the end.
  return { said: textOf("text-delta").trimEnd(), kept: textOf("reasoning-delta") };
};

const CALL = '<tool_call>\n{"name": "search", "arguments": {}}\n</tool_call>';

test.each([
  ["plain words", "Hello there.", "Hello there.", ""],
  ["thoughts before the answer", "<think>Hm.\nSo.</think>\n\nHello.", "Hello.", "Hm.\nSo."],
  ["white space before thoughts", " \n<think>Hm.</think>Hello.", "Hello.", "Hm."],
  ["thoughts without an end", "<think>Hm, for ever", "", "Hm, for ever"],
  ["the tag in the middle, as people ask about it", "Use <think> so.", "Use <think> so.", ""],
  ["nearly the tag", "<thinking is hard", "<thinking is hard", ""],
  ["a template token at the end", "Hello.<|im_end|>", "Hello.", ""],
  ["several of them", "Hello. <|eot_id|> <|end_of_text|>\n", "Hello.", ""],
  ["a template token that is explained", "The <|im_end|> token.", "The <|im_end|> token.", ""],
  [
    "a call as plain text",
    `Looking.\n${CALL}`,
    "Looking.",
    '\n{"name": "search", "arguments": {}}\n',
  ],
  ["words behind a call", `${CALL}\nSo.`, "So.", '\n{"name": "search", "arguments": {}}\n'],
  ["a call without an end", '<tool_call>{"name": "se', "", '{"name": "se'],
  ["talk about calls", "Write <tool_call> and JSON.", "Write <tool_call> and JSON.", ""],
  [
    "a call behind thoughts",
    `<think>Hm.</think>${CALL}`,
    "",
    'Hm.\n{"name": "search", "arguments": {}}\n',
  ],
  ["comparisons", "1 < 2 and a <b", "1 < 2 and a <b", ""],
  ["nothing", "", "", ""],
])("the leak filter sorts %s, in pieces of any size", (_, answer, said, kept) => {
  expect(filter(answer)).toEqual({ said, kept });
  expect(filter(answer, 1)).toEqual({ said, kept });
  expect(filter(answer, 3)).toEqual({ said, kept });
});

test("the leak filter holds plain words back for no moment", () => {
  const leaks = createLeakFilter();

  expect(leaks.push("Hello ")).toEqual([{ type: "text-delta", text: "Hello " }]);
  expect(leaks.push("there.")).toEqual([{ type: "text-delta", text: "there." }]);
});
