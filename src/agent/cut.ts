/** The beginning of the text, at most `maxChars`, with a hint that tells the model how much is missing. */
export function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const left = text.length - maxChars;
  // Half a character at the end would be refused by providers.
  const beginning = text.slice(0, maxChars).toWellFormed();
  return `${beginning}\n[cut: ${left} more characters. Ask for a smaller part.]`;
}
