import { z } from "zod";
import { Failure } from "../../kit/failure.ts";
import { defineTool } from "../../kit/tool.ts";
import { amountIn, amountOut, toText, toUnits } from "../decimal.ts";
import { beginOf, dayAt, dayIn } from "../days.ts";
import { refuseMissing, refuseWrites, type CegidDeps } from "../deps.ts";
import { amountAt, flagAt, timeAt } from "../read.ts";
import { OPERATIONS } from "../soap/operation.ts";
import { fields } from "../soap/value.ts";
import { textAt } from "../soap/xml-node.ts";
import { table } from "../tables.ts";

const short = z.string().trim().min(1).max(60);
const words = z.string().nullable();

export const loyaltyTools = (deps: CegidDeps) => [
  getCards(deps),
  getPoints(deps),
  adjustPoints(deps),
  createCard(deps),
  closeCard(deps),
  reopenCard(deps),
  changeProgram(deps),
];

const getCards = (deps: CegidDeps) =>
  defineTool({
    name: "get_loyalty_cards",
    title: "Loyalty cards of a customer",
    description: "The loyalty cards of a customer, with points and programme.",
    effect: "read",
    input: z.object({ customer_id: short, active: z.boolean().optional() }),
    output: z.object({
      cards: z.array(
        z.object({
          id: z.string(),
          is_active: z.boolean().nullable(),
          is_closed: z.boolean().nullable(),
          points: amountOut.nullable(),
          program_id: words,
          program: words,
          store_id: words,
          activated: words,
          expires: words,
        }),
      ),
    }),
    async run({ customer_id, active }, call) {
      const request = fields({ ActiveCards: active, CustomerId: customer_id });
      const result = await deps.y2.ask(call, {
        operation: OPERATIONS.customerCards,
        parameters: [["customerCardsRequest", request]],
        kind: "loyalty",
      });
      const cards = (result?.children ?? []).map((card) => ({
        id: textAt(card, "Id") ?? "",
        is_active: flagAt(card, "Active"),
        is_closed: flagAt(card, "Closed"),
        points: amountAt(card, "AvailableLoyaltyPoints"),
        program_id: textAt(card, "Program", "Id"),
        program: textAt(card, "Program", "Label"),
        store_id: textAt(card, "StoreId"),
        activated: timeAt(card, "ActivationDate"),
        expires: timeAt(card, "ExpiracyDate"),
      }));
      return {
        data: { cards },
        text: table(
          ["Card", "Programme", "Points", "Active"],
          cards.map((card) => [card.id, card.program, card.points, card.is_active]),
        ),
      };
    },
  });

const getPoints = (deps: CegidDeps) =>
  defineTool({
    name: "get_loyalty_points",
    title: "Loyalty points",
    description: "The points that can be used: of one card, or of all cards of a customer.",
    effect: "read",
    input: z.object({ card_id: short.optional(), customer_id: short.optional() }),
    output: z.object({ points: amountOut }),
    async run({ card_id, customer_id }, call) {
      if ((card_id === undefined) === (customer_id === undefined))
        throw new Failure("INVALID_ARGUMENT", "Say either card_id or customer_id.");
      const ofCard = card_id !== undefined;
      const result = await deps.y2.ask(call, {
        operation: ofCard ? OPERATIONS.cardPoints : OPERATIONS.customerPoints,
        parameters: [ofCard ? ["loyaltyCardId", card_id] : ["customerReference", customer_id]],
        kind: "loyalty",
      });
      const text = result?.text.trim() ?? "";
      const points = toText(toUnits(text === "" ? "0" : text));
      return { data: { points }, text: `${points} points.` };
    },
  });

const doneOut = z.object({ card_id: z.string(), done: z.string() });

const adjustPoints = (deps: CegidDeps) =>
  defineTool({
    name: "adjust_loyalty_points",
    title: "Give or take loyalty points",
    description:
      "Adds points to a loyalty card, or takes them with a negative number, with a reason of Cegid Y2's list.",
    effect: "update",
    idempotent: false,
    input: z.object({
      card_id: short,
      points: amountIn.describe("Negative: taken away"),
      reason_id: short.optional(),
      line_type: short.optional().describe("Kind of line, as Cegid Y2 has it"),
      program_id: short.optional(),
      store_id: short.optional(),
      comment: z.string().trim().max(250).optional(),
    }),
    output: doneOut,
    async run(given, call) {
      refuseWrites(deps);
      const storeId = given.store_id ?? deps.defaultStoreId;
      refuseMissing(
        {
          ...(given.reason_id ? {} : { reason_id: "the code of the reason, as Cegid Y2 has it" }),
          ...(storeId ? {} : { store_id: "which store gives them" }),
        },
        "adjust_loyalty_points",
      );
      const request = fields({
        Comment: given.comment,
        Date: beginOf(dayAt(deps.clock.now(), deps.zone)),
        LineType: given.line_type,
        LoyaltyCardId: given.card_id,
        Points: given.points,
        ProgramId: given.program_id,
        ReasonId: given.reason_id,
        StoreId: storeId,
      });
      await deps.y2.ask(call, {
        operation: OPERATIONS.updatePoints,
        parameters: [["updatePointsRequest", request]],
        kind: "loyalty",
      });
      return { data: { card_id: given.card_id, done: `${given.points} points` } };
    },
  });

const createCard = (deps: CegidDeps) =>
  defineTool({
    name: "create_loyalty_card",
    title: "Give a customer a loyalty card",
    description: "A new loyalty card for a customer, given out by a store.",
    effect: "create",
    input: z.object({ customer_id: short, store_id: short.optional() }),
    output: doneOut,
    async run({ customer_id, store_id }, call) {
      refuseWrites(deps);
      const storeId = store_id ?? deps.defaultStoreId;
      refuseMissing(storeId ? {} : { store_id: "which store gives it" }, "create_loyalty_card");
      const result = await deps.y2.ask(call, {
        operation: OPERATIONS.createCard,
        parameters: [
          ["customerReference", customer_id],
          ["storeId", storeId],
        ],
        kind: "loyalty",
      });
      const card_id = result?.text.trim() ?? "";
      if (card_id === "")
        throw new Failure("SCHEMA_MISMATCH", "Cegid Y2 did not tell the new card's id.", {
          hint: "Look with get_loyalty_cards whether it is there before you try again.",
        });
      return { data: { card_id, done: "created" } };
    },
  });

const reopenCard = (deps: CegidDeps) =>
  defineTool({
    name: "reopen_loyalty_card",
    title: "Open a loyalty card again",
    description:
      "Opens a loyalty card again that was closed, with a reason and the days for which it is valid.",
    effect: "update",
    destructive: false,
    input: z.object({
      card_id: short,
      reason: short,
      comment: z.string().max(250).optional(),
      valid_from: dayIn.optional(),
      valid_to: dayIn.optional(),
    }),
    output: doneOut,
    async run({ card_id, reason, comment, valid_from, valid_to }, call) {
      refuseWrites(deps);
      const request = fields({
        Comment: comment,
        LoyaltyCardId: card_id,
        Reason: reason,
        ValidityPeriod: fields({
          End: valid_to && beginOf(valid_to),
          Start: valid_from && beginOf(valid_from),
        }),
      });
      await deps.y2.ask(call, {
        operation: OPERATIONS.reopenCard,
        parameters: [["ReOpenCardRequest", request]],
        kind: "loyalty",
      });
      return { data: { card_id, done: "opened again" } };
    },
  });

const closeCard = (deps: CegidDeps) =>
  defineTool({
    name: "close_loyalty_card",
    title: "Close a loyalty card",
    description: "Closes a loyalty card, with a reason.",
    effect: "update",
    input: z.object({ card_id: short, reason: short, comment: z.string().max(250).optional() }),
    output: doneOut,
    async run({ card_id, reason, comment }, call) {
      refuseWrites(deps);
      const request = fields({ Comment: comment, LoyaltyCardId: card_id, Reason: reason });
      await deps.y2.ask(call, {
        operation: OPERATIONS.closeCard,
        parameters: [["CloseCardRequest", request]],
        kind: "loyalty",
      });
      return { data: { card_id, done: "closed" } };
    },
  });

const changeProgram = (deps: CegidDeps) =>
  defineTool({
    name: "change_loyalty_program",
    title: "Move a card to another programme",
    description: "Moves a loyalty card to another programme.",
    effect: "update",
    idempotent: true,
    destructive: false,
    input: z.object({ card_id: short, program_id: short }),
    output: doneOut,
    async run({ card_id, program_id }, call) {
      refuseWrites(deps);
      const request = fields({ LoyaltyCardId: card_id, ProgramId: program_id });
      await deps.y2.ask(call, {
        operation: OPERATIONS.updateProgram,
        parameters: [["UpdateProgramRequest", request]],
        kind: "loyalty",
      });
      return { data: { card_id, done: `moved to ${program_id}` } };
    },
  });
