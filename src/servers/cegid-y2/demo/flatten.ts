import { textAt, type XmlNode } from "../soap/xml-node.ts";
import { fields, type Fields } from "../soap/value.ts";

/** Every text in an element, by its path: "EmailData.Email". */
export const flatten = (
  node: XmlNode | null,
  before = "",
): readonly (readonly [string, string])[] =>
  (node?.children ?? []).flatMap((child) => {
    const path = `${before}${child.name}`;
    return child.children.length > 0
      ? flatten(child, `${path}.`)
      : [[path, child.text.trim()] as const];
  });

/** The other way round, two levels deep. */
export function unflatten(values: ReadonlyMap<string, string>): Fields["classes"][number] {
  const own = [...values].filter(([name]) => !name.includes("."));
  const groups = Map.groupBy(
    [...values].filter(([name]) => name.includes(".")),
    ([name]) => name.split(".")[0] ?? "",
  );
  const nested = [...groups].map(
    ([group, entries]) =>
      [
        group,
        fields(
          Object.fromEntries(entries.map(([name, value]) => [name.slice(group.length + 1), value])),
        ),
      ] as const,
  );
  return Object.fromEntries([...own, ...nested]);
}

/** The page that a `Pager` asks for. */
export function pageOf<Row>(rows: readonly Row[], pager: XmlNode | null): readonly Row[] {
  const index = Number(textAt(pager, "PageIndex") ?? 1);
  const size = Number(textAt(pager, "PageSize") ?? 50);
  return rows.slice((index - 1) * size, index * size);
}
