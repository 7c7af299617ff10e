import { toText, toUnits } from "../decimal.ts";
import { fields, items, type Value } from "../soap/value.ts";
import { find, textAt, type XmlNode } from "../soap/xml-node.ts";
import { BookFault } from "./fault.ts";
import type { Books, Card } from "./state.ts";

type Handler = (books: Books, request: XmlNode) => Value;

/** `ILoyaltyWcfService`. */
export const loyalty: Readonly<Record<string, Handler>> = {
  GetCustomerCards(books, request) {
    const asked = find(request, "customerCardsRequest");
    const customerId = textAt(asked, "CustomerId");
    if (!books.customers.has(customerId ?? ""))
      throw new BookFault("(WP006) Message execution failed: the customer is unknown");
    const active = textAt(asked, "ActiveCards");
    const found = [...books.cards.values()].filter(
      (card) =>
        card.customerId === customerId && (active === null || String(!card.isClosed) === active),
    );
    return items("CardHeaderGet", found.map(toCard));
  },
  GetAvailableLoyaltyPoints: (books, request) =>
    known(books, textAt(request, "loyaltyCardId")).points,
  GetCustomerAvailableLoyaltyPoints(books, request) {
    const customerId = textAt(request, "customerReference");
    const own = [...books.cards.values()].filter((card) => card.customerId === customerId);
    return toText(own.reduce((sum, { points }) => sum + toUnits(points), 0n));
  },
  UpdatePoints(books, request) {
    const asked = find(request, "updatePointsRequest");
    const card = open(known(books, textAt(asked, "LoyaltyCardId")));
    card.points = toText(toUnits(card.points) + toUnits(textAt(asked, "Points") ?? "0"));
    return null;
  },
  CloseCard(books, request) {
    open(known(books, textAt(request, "CloseCardRequest", "LoyaltyCardId"))).isClosed = true;
    return null;
  },
  CreateLoyaltyCard(books, request) {
    const customerId = textAt(request, "customerReference") ?? "";
    if (!books.customers.has(customerId))
      throw new BookFault("(WP006) Message execution failed: the customer is unknown");
    const id = `FID${2000 + books.cards.size}`;
    const storeId = textAt(request, "storeId") ?? "";
    books.cards.set(id, {
      id,
      customerId,
      storeId,
      programId: "SILVER",
      points: "0.00",
      isClosed: false,
    });
    return id;
  },
  ReOpenCard(books, request) {
    const card = known(books, textAt(request, "ReOpenCardRequest", "LoyaltyCardId"));
    if (!card.isClosed) throw new BookFault("(WP008) The card is open");
    card.isClosed = false;
    return null;
  },
  UpdateProgram(books, request) {
    const asked = find(request, "UpdateProgramRequest");
    open(known(books, textAt(asked, "LoyaltyCardId"))).programId = textAt(asked, "ProgramId") ?? "";
    return null;
  },
};

function known(books: Books, id: string | null): Card {
  const found = books.cards.get(id ?? "");
  if (!found) throw new BookFault("(WP006) Message execution failed: the card is unknown");
  return found;
}

function open(card: Card): Card {
  if (card.isClosed) throw new BookFault("(WP008) The card is closed");
  return card;
}

const toCard = (card: Card): Value =>
  fields({
    ActivationDate: "2025-06-01T00:00:00",
    Active: !card.isClosed,
    AvailableLoyaltyPoints: card.points,
    Closed: card.isClosed,
    CustomerId: card.customerId,
    ExpiracyDate: "0001-01-01T00:00:00",
    Id: card.id,
    Program: fields({
      Id: card.programId,
      Label: card.programId === "GOLD" ? "Club Or" : "Club Argent",
    }),
    StoreId: card.storeId,
  });
