import type { EmulatedFile } from "./state.ts";

/** Drive's language of queries, as far as it is used: and, or, parentheses, `in parents`, =, contains. */
export function matches(query: string, file: EmulatedFile): boolean {
  const tokens = query.match(/'(?:\\.|[^'\\])*'|[()]|[^\s()']+/g) ?? [];
  let at = 0;
  const take = () => tokens[at++] ?? "";
  const textIn = (token: string) => token.slice(1, -1).replace(/\\(.)/g, "$1");

  function term(): boolean {
    const first = take();
    if (first === "(") {
      const value = either();
      if (take() !== ")") throw new Error(`Invalid Value: ${query}`);
      return value;
    }
    const [operator, value] = [take(), take()];
    if (operator === "in" && value === "parents") return file.parents.includes(textIn(first));
    switch (`${first} ${operator}`) {
      case "trashed =":
        return file.trashed === (value === "true");
      case "mimeType =":
        return file.mimeType === textIn(value);
      case "name contains":
        return file.name.includes(textIn(value));
      case "fullText contains":
        return file.content.includes(textIn(value));
      default:
        throw new Error(`Invalid Value: ${first} ${operator}`);
    }
  }
  function both(): boolean {
    let value = term();
    while (tokens[at] === "and") {
      at++;
      value = term() && value;
    }
    return value;
  }
  function either(): boolean {
    let value = both();
    while (tokens[at] === "or") {
      at++;
      value = both() || value;
    }
    return value;
  }
  return either();
}
