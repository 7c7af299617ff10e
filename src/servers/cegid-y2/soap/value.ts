/** What can stand in a request. Numbers are texts here: they are decimals and keep their digits. */
export type Value = string | boolean | null | undefined | Fields | Items;

/** A complex type. Of classes that inherit, the base comes first; within each the order is alphabetical. */
export interface Fields {
  readonly kind: "fields";
  readonly classes: readonly Readonly<Record<string, Value>>[];
}

/** An array: `<Lines><Create_Line/>…</Lines>`. */
export interface Items {
  readonly kind: "items";
  readonly each: string;
  readonly values: readonly Value[];
  readonly namespace: string | null;
}

const ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

/** Fields in any order: they are written in the one that Y2 wants, since it ignores silently what stands elsewhere. */
export const fields = (...classes: Fields["classes"]): Fields => ({ kind: "fields", classes });

export const items = (each: string, values: readonly Value[]): Items => ({
  kind: "items",
  each,
  values,
  namespace: null,
});

/** `ArrayOfstring` has a namespace of its own. Nothing for no values. */
export const strings = (values: readonly string[] | undefined): Items | undefined =>
  values === undefined || values.length === 0
    ? undefined
    : { kind: "items", each: "string", values, namespace: ARRAYS };

/** Fields that are there, as they have to stand. */
export const inOrder = ({ classes }: Fields): readonly (readonly [string, Value])[] =>
  classes.flatMap((own) =>
    Object.entries(own)
      .filter(([, value]) => isThere(value))
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );

/** Empty complex types are left out, too: an update would take them for a wish. */
export function isThere(value: Value): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value !== "object") return true;
  return value.kind === "items" ? value.values.length > 0 : inOrder(value).length > 0;
}
