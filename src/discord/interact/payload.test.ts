import { ComponentType, MessageFlags } from "discord-api-types/v10";
import { expect, test } from "vitest";
import { cut, toMessage } from "./payload.ts";

test("what is too long for Discord is cut, and never through the middle of a character", () => {
  expect(cut("exactly", 7)).toBe("exactly");
  expect(cut("one two", 6)).toBe("one t…");
  expect(cut("one two", 5)).toBe("one…");
  expect(cut("tea 🍵🍵", 6)).toBe("tea…");
  expect(cut("tea 🍵🍵", 7)).toBe("tea 🍵…");
  expect(cut("🍵".repeat(60), 100)).toBe(`${"🍵".repeat(49)}…`);
});

const deps = () => {
  let made = 0;
  return { createControlId: () => `id-${++made}`, opensForm: () => false };
};
const button = { kind: "button", label: "More", action: "more", data: {} } as const;

test("a panel is one frame with its words and controls, and no content beside it", () => {
  const { message, controls } = toMessage(deps(), {
    isPanel: true,
    text: "**Settings**",
    rows: [[button]],
  });

  expect(message).toMatchObject({ content: null, layout: MessageFlags.IsComponentsV2 });
  expect(message.components).toMatchObject([
    {
      type: ComponentType.Container,
      components: [
        { type: ComponentType.TextDisplay, content: "**Settings**" },
        { type: ComponentType.Separator },
        { type: ComponentType.ActionRow, components: [{ label: "More", custom_id: "c:id-1" }] },
      ],
    },
  ]);
  expect(controls).toEqual([{ id: "id-1", action: "more", data: {} }]);
});

test("what comes into the place of a panel is one, too, and other replies are words with rows", () => {
  const reply = { text: "Done.", rows: [[button]] };

  const onPanel = toMessage(deps(), reply, { isPanel: true }).message;
  const alone = toMessage(deps(), reply).message;

  expect(onPanel).toMatchObject({ content: null, layout: MessageFlags.IsComponentsV2 });
  expect(alone).toMatchObject({ content: "Done.", layout: 0 });
  expect(alone.components).toMatchObject([{ type: ComponentType.ActionRow }]);
});
