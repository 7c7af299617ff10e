import type { TenantId } from "../../kit/tenant.ts";
import { Failure } from "../../kit/failure.ts";
import type { ServerMachine } from "../../kit/machine.ts";
import type { Y2, Y2Rest } from "../api/y2.ts";
import { faultFailure } from "../soap/fault.ts";
import { answerFrom } from "./erp.ts";
import { BookFault } from "./fault.ts";
import { pictureOf, restAnswer } from "./rest.ts";
import { seedBooks } from "./seed.ts";
import type { Books } from "./state.ts";
import { toNode } from "./to-node.ts";

/** Shops that somebody tries out are forgotten when so many others have come. */
const MAX_TENANTS = 100;

/** Made-up shops in memory, each tenant's own, for trying the server with no account. Changes last until it ends. */
export function openDemo({ clock }: Pick<ServerMachine, "clock">): {
  readonly y2: Y2;
  readonly rest: Y2Rest;
  readonly isDown: () => boolean;
} {
  const all = new Map<TenantId, Books>();
  const booksOf = (tenant: TenantId): Books => {
    const books = all.get(tenant) ?? seedBooks(clock.now());
    all.delete(tenant);
    all.set(tenant, books);
    const oldest = all.keys().next();
    if (all.size > MAX_TENANTS && !oldest.done) all.delete(oldest.value);
    return books;
  };
  return {
    isDown: () => false,
    y2: {
      async ask({ tenant }, { operation, parameters }) {
        const request = {
          name: operation.method,
          text: "",
          children: parameters.map(([name, value]) => toNode(name, value)),
        };
        try {
          const answer = answerFrom({ books: booksOf(tenant), clock }, operation, request);
          return operation.isVoid ? null : toNode(`${operation.method}Result`, answer);
        } catch (thrown) {
          throw thrown instanceof BookFault ? faultFailure(toFault(thrown)) : thrown;
        }
      },
    },
    rest: {
      isOn: true,
      async get({ tenant }, _, path, query) {
        const flat = Object.fromEntries(
          Object.entries(query).map(([name, value]) => [name, [value].flat()[0]]),
        );
        return restAnswer(booksOf(tenant), path, flat) ?? missing();
      },
      image: async ({ tenant }, path) => ({
        mimeType: "image/png",
        base64: pictureOf(booksOf(tenant), path) ?? missing(),
      }),
    },
  };
}

const toFault = ({ message, members }: BookFault) => ({
  code: "CBR_001_0003",
  message,
  members,
  trackingId: null,
});

function missing(): never {
  throw new Failure("NOT_FOUND", "There is no such thing.", {
    hint: "Look it up with a list or a search first.",
  });
}
