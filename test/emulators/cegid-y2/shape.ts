/** Fields in the order in which they are read: "text" is a leaf, `X[]` an array of elements of that name. */
export type Shape = Readonly<Record<string, string>>;
