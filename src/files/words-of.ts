/** What a model reads of files, between marks that no file can forge beforehand: names lose their brackets. */
import type { Attachment } from "../core/message.ts";
import type { ContentPart } from "../core/model.ts";
import { plainName } from "./plain-name.ts";

export const text = (words: string): ContentPart => ({ type: "text", text: words });

/** The part of the words that is wanted, with how much there is before and after it. */
export const words = (
  attachment: Attachment,
  content: string,
  { skip, maxChars }: { readonly skip: number; readonly maxChars: number },
): readonly ContentPart[] => {
  const shown = content.slice(skip, skip + maxChars);
  const left = content.length - skip - shown.length;
  const lines = [
    `[file: ${plainName(attachment.name)}]`,
    ...(skip > 0 ? [`[from character ${skip + 1} of ${content.length}]`] : []),
    shown,
    ...(left > 0 ? [`[cut: ${left} more characters]`] : []),
    "[end of file]",
  ];
  return [text(lines.join("\n"))];
};

export const unread = ({ name }: Attachment, why: string): readonly ContentPart[] => [
  text(`[file ${plainName(name)} was not read: ${why}]`),
];
