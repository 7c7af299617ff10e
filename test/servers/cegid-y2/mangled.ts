import fc from "fast-check";

type Change = (body: string) => string;

const place = fc.double({ min: 0, max: 1, noNaN: true });
const rubbish = fc.constantFrom(
  "",
  "x",
  "-",
  "1e400",
  "0001-01-01T00:00:00",
  "true",
  "<a/>",
  "&amp;",
  "&bomb;",
  "]]>",
  "null",
  "[]",
  "{}",
  "\u0000",
  "😀",
  "<s:Fault/>",
  "9".repeat(400),
);

/** The first text after a place in the answer. */
const nthText =
  (at: number, put: string): Change =>
  (body) => {
    const texts = [...body.matchAll(/>([^<>]+)</g)];
    const found = texts[Math.floor(at * texts.length)];
    if (!found) return body;
    return (
      body.slice(0, found.index + 1) + put + body.slice(found.index + 1 + (found[1]?.length ?? 0))
    );
  };

/** Answers that are nearly right: a text that is another, a name that is missing, an end that does not come. */
export const mangled: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, rubbish).map(([at, put]) => nthText(at, put)),
  fc.tuple(place, rubbish).map(([at, put]): Change => (body) => {
    const index = Math.floor(at * body.length);
    return body.slice(0, index) + put + body.slice(index);
  }),
  place.map(
    (at): Change =>
      (body) =>
        body.slice(0, Math.floor(at * body.length)),
  ),
  fc
    .constantFrom(
      "Key",
      "Header",
      "Headers",
      "Identification",
      "Number",
      "Date",
      "Id",
      "header",
      "documentKey",
    )
    .map(
      (name): Change =>
        (body) =>
          body.replaceAll(name, `${name}X`),
    ),
  fc
    .constantFrom(
      "Key",
      "Header",
      "Lines",
      "Number",
      "CustomerId",
      "AvailableQty",
      "header",
      "lines",
    )
    .map(
      (name): Change =>
        (body) =>
          body
            .replaceAll(new RegExp(`<${name}>.*?</${name}>`, "gs"), "")
            .replaceAll(`"${name}":`, `"_":`),
    ),
  fc.string({ unit: "binary", maxLength: 80 }).map(
    (text): Change =>
      () =>
        text,
  ),
  fc.json().map(
    (text): Change =>
      () =>
        text,
  ),
);
