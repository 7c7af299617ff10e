/**
 * A careful estimate, no tokenizer: providers differ and the counts are only used to stay below a limit.
 * Latin text has about 4 characters a token; scripts without spaces about one a token.
 */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x2e80) wide++;
  return Math.ceil((text.length - wide) / 3.6 + wide * 1.1);
}
