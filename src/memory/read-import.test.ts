import { expect, test } from "vitest";
import { MAX_IMPORTED, readImport, type ReadImport } from "./read-import.ts";

const ANA = ["discord:123456789012345678", "discord-123456789012345678", "123456789012345678"];
const BEN = "discord-999999999999999999";
const read = (content: unknown, owners = ANA) => {
  const found = readImport(typeof content === "string" ? content : JSON.stringify(content), owners);
  return found;
};
const textsOf = (found: ReadImport) =>
  found.kind === "read" ? found.facts.map(({ text }) => text) : null;

const mem0 = (memory: string, user: string | null) => ({
  id: "8c1e",
  memory,
  hash: "x",
  user_id: user,
  metadata: { is_key: true },
  created_at: "2025-11-02T10:00:00.123456-08:00",
});
const payload = (data: string, user: string | null) => ({ data, user_id: user, is_key: "true" });

test.each([
  ["our own export", "clara", { format: "clara-memories", memories: [{ text: "Sails" }] }],
  ["mem0's get_all", "mem0", { results: [mem0("Sails", ANA[1] ?? "")] }],
  ["mem0's array", "mem0", [mem0("Sails", null)]],
  [
    "Qdrant's points",
    "vectors",
    { result: { points: [{ id: 1, payload: payload("Sails", ANA[1] ?? ""), vector: [0.1] }] } },
  ],
  [
    "pgvector's rows",
    "vectors",
    [{ id: "a", vector: "[0.1]", payload: JSON.stringify(payload("Sails", null)) }],
  ],
  [
    "a point on each line",
    "vectors",
    ["Sails", "Skis"]
      .map((text) => JSON.stringify({ id: 1, payload: payload(text, null) }))
      .join("\n"),
  ],
  ["a list", "lines", "# About me\n- Sails\n\n* Skis"],
])("%s is read", (_, form, content) => {
  const found = read(content);

  expect(found).toMatchObject({ kind: "read", form });
  expect(textsOf(found)?.[0]).toBe("Sails");
});

test("a fact brings along since when it holds, and that it matters", () => {
  const found = read([mem0("Lives in Lisbon", null)]);

  expect(found).toMatchObject({
    facts: [{ kind: "place", isKey: true, validFrom: "2025-11-02T10:00:00.123456-08:00" }],
  });
});

test("what is somebody else's, holds no longer, or has no words is counted and not taken", () => {
  const found = read([
    mem0("Sails", ANA[2] ?? ""),
    mem0("Ben's own", BEN),
    { text: "Lived in Porto", validTo: "2025-01-01" },
    { memory: "  " },
    7,
  ]);

  expect(textsOf(found)).toEqual(["Sails"]);
  expect(found).toMatchObject({ left: { ended: 1, others: 1, empty: 2, tooMany: 0 } });
});

test("a file of one person under a made-up name is whoever brings it; another account's is not", () => {
  expect(textsOf(read([mem0("Sails", "demo-user")]))).toEqual(["Sails"]);
  expect(textsOf(read([mem0("Ben's own", BEN)]))).toEqual([]);
  expect(textsOf(read([mem0("Sails", "one"), mem0("Skis", "two")]))).toEqual([]);
});

test("of a flood as much is taken as one import may", () => {
  const found = read(Array.from({ length: MAX_IMPORTED + 5 }, (_, n) => ({ text: `fact ${n}` })));

  expect(textsOf(found)).toHaveLength(MAX_IMPORTED);
  expect(found).toMatchObject({ left: { tooMany: 5 } });
});

test.each([
  ["cut off", '{"memories": [{"text": "Sa'],
  ["another document", '{"a": 1}'],
])("what is %s is not read", (_, content) => {
  expect(read(content)).toEqual({ kind: "unreadable" });
});
