import { expect, test } from "vitest";
import { createToolDeltas } from "./tool-deltas.ts";
import type { WireToolDelta } from "./wire.ts";

const put = (...deltas: readonly WireToolDelta[]) => {
  const tools = createToolDeltas();
  for (const delta of deltas) tools.add(delta);
  return tools.calls().map(({ id, name, arguments: text }) => [id, name, text]);
};

test("tool deltas grow into one call", () => {
  expect(
    put(
      { index: 0, id: "call-1", function: { name: "search", arguments: "" } },
      { index: 0, function: { arguments: '{"wor' } },
      { index: 0, function: { arguments: 'ds":"a"}' } },
    ),
  ).toEqual([["call-1", "search", '{"words":"a"}']]);
});

test("tool deltas of parallel calls may come interleaved, with jumps of the index", () => {
  expect(
    put(
      { index: 0, id: "a", function: { name: "search", arguments: "{" } },
      { index: 7, id: "b", function: { name: "time", arguments: "{" } },
      { index: 0, function: { arguments: "}" } },
      { index: 7, function: { arguments: "}" } },
    ),
  ).toEqual([
    ["a", "search", "{}"],
    ["b", "time", "{}"],
  ]);
});

test("tool deltas take a name and an id that come late", () => {
  expect(
    put(
      { index: 0, function: { arguments: "{" } },
      { index: 0, id: "a", function: { name: "search", arguments: "}" } },
    ),
  ).toEqual([["a", "search", "{}"]]);
});

test("tool deltas take a name and an id that come again and again once", () => {
  expect(
    put(
      { index: 0, id: "a", function: { name: "search", arguments: "{" } },
      { index: 0, id: "a", function: { name: "search", arguments: "}" } },
    ),
  ).toEqual([["a", "search", "{}"]]);
});

test("tool deltas with the index 0 and other ids are other calls, as Gemini sends them", () => {
  expect(
    put(
      { index: 0, id: "a", function: { name: "search", arguments: "{}" } },
      { index: 0, id: "b", function: { name: "search", arguments: '{"x":1}' } },
    ),
  ).toEqual([
    ["a", "search", "{}"],
    ["b", "search", '{"x":1}'],
  ]);
});

test("tool deltas without index and id are other calls when a name begins again", () => {
  expect(
    put(
      { function: { name: "search", arguments: "{}" } },
      { function: { name: "time", arguments: "{}" } },
    ),
  ).toEqual([
    ["", "search", "{}"],
    ["", "time", "{}"],
  ]);
});

test("tool deltas without an index go on with the last call", () => {
  expect(
    put(
      { id: "a", function: { name: "search", arguments: "{" } },
      { function: { arguments: "}" } },
    ),
  ).toEqual([["a", "search", "{}"]]);
});

test("tool deltas take arguments that are an object already", () => {
  expect(put({ index: 0, id: "a", function: { name: "search", arguments: { x: 1 } } })).toEqual([
    ["a", "search", '{"x":1}'],
  ]);
});
