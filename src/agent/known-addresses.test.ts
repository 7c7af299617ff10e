import { describe, expect, test } from "vitest";
import { openAddresses } from "./known-addresses.ts";

const open = (given: { readonly said?: readonly string[]; readonly earlier?: readonly string[] }) =>
  openAddresses({
    hosts: ["docs.example"],
    said: () => given.said ?? [],
    earlier: async () => given.earlier ?? [],
  });

describe("an address is known", () => {
  test.each([
    ["as the person wrote it", "Read https://a.example/x?q=1, please", "https://a.example/x?q=1"],
    ["without its scheme", "Read a.org/x", "https://a.org/x"],
    ["with another scheme, case or slash", "See HTTPS://A.example/x/", "http://a.example/x"],
    ["without what stands behind its #", "https://a.example/x#top", "https://a.example/x"],
    ["on an allowed host, whatever it says", "", "https://sub.docs.example/any?d=words"],
  ])("%s", async (_, said, address) => {
    expect(await open({ said: [said] }).has([address])).toBe(true);
  });

  test("when a tool gave it in this turn, or in one whose answer is known", async () => {
    const addresses = open({ earlier: ["https://b.example/old"] });
    addresses.add(["https://a.example/hit?id=7"]);

    expect(await addresses.has(["https://a.example/hit?id=7"])).toBe(true);
    expect(await addresses.has(["https://b.example/old"])).toBe(true);
  });
});

describe("an address is another one", () => {
  test.each([
    "https://a.example/x?d=words",
    "https://a.example/x/words",
    "https://a.example/x#words",
    "https://words.a.example/x",
    "https://a.example.evil.example/x",
    "https://words@a.example/x",
    "https://a.example:8443/x",
    "https://a.example/X",
    "https://a.example/",
    "http://docs.example/any",
    "https://docs.example:8443/any",
    "https://evildocs.example/any",
    "no address at all",
  ])("%s", async (address) => {
    expect(await open({ said: ["https://a.example/x"] }).has([address])).toBe(false);
  });

  test("when one of several is", async () => {
    const addresses = open({ said: ["https://a.example/x"] });

    expect(await addresses.has(["https://a.example/x", "https://a.example/y"])).toBe(false);
  });
});
