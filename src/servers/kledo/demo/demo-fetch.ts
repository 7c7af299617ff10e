import { answerKledo } from "./answer.ts";
import type { Books } from "./books.ts";

/** In place of the network, for `clara serve kledo --demo`: Kledo's answers, of made-up books. Nothing leaves the machine. */
export const createDemoFetch =
  (books: Books): typeof globalThis.fetch =>
  async (input) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const path = url.pathname.replace(/^\/api\/v1/, "");
    const { status, body } = answerKledo(books, path, url.searchParams);
    return Response.json(body, { status });
  };
