/** An element as it was read: by its local name, without attributes. It is JSON, so that a cache can hold it. */
export interface XmlNode {
  readonly name: string;
  /** What stands directly in it. */
  readonly text: string;
  readonly children: readonly XmlNode[];
}

/** The first child of that name, or null. Further names lead further in. */
export function find(node: XmlNode | null, ...path: readonly string[]): XmlNode | null {
  return path.reduce<XmlNode | null>(
    (at, name) => at?.children.find((child) => child.name === name) ?? null,
    node,
  );
}

/** All children of that name in the list at the path: `all(node, "Headers", "Get_Header")`. */
export function all(node: XmlNode | null, ...path: readonly string[]): readonly XmlNode[] {
  const list = find(node, ...path.slice(0, -1));
  return list?.children.filter(({ name }) => name === path.at(-1)) ?? [];
}

/** The text at the path without the blanks that Y2 pads with; null when it is empty or not there. */
export function textAt(node: XmlNode | null, ...path: readonly string[]): string | null {
  const text = find(node, ...path)?.text.trim();
  return text === undefined || text === "" ? null : text;
}
