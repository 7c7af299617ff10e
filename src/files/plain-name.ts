/** A name says nothing beyond itself: no brackets, no line ends, no marks that turn text around. */
export const plainName = (name: string): string =>
  name.replace(/[\p{C}[\]\n]/gu, "").slice(0, 100) || "without a name";
