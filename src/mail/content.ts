import { z } from "zod";
import { DMARC_RESULTS } from "../core/mail-rules.ts";

/** Of the text of one mail. */
export const MAX_TEXT_CHARS = 100_000;
export const MAX_SUBJECT_CHARS = 300;
export const MAX_ADDRESSES = 50;
export const MAX_ATTACHMENTS = 100;

const person = z.object({ name: z.string(), address: z.string() });

/** What stands in a mail, in letters that can be shown: as the thread that read it gives it. */
export const mailContent = z.object({
  from: person,
  /** More than one sender is written there: only a forger needs that. */
  hasManyFrom: z.boolean(),
  replyTo: z.array(person),
  to: z.array(person),
  cc: z.array(person),
  subject: z.string(),
  /** ISO 8601; null when there is none that can be read. */
  date: z.string().nullable(),
  messageId: z.string().nullable(),
  inReplyTo: z.string().nullable(),
  references: z.array(z.string()),
  text: z.string(),
  isTextCut: z.boolean(),
  hidesWords: z.boolean(),
  attachments: z.array(
    z.object({ name: z.string(), contentType: z.string(), sizeBytes: z.number() }),
  ),
  listId: z.string().nullable(),
  unsubscribe: z
    .object({
      oneClick: z.string().nullable(),
      mailto: z.string().nullable(),
      page: z.string().nullable(),
    })
    .nullable(),
  dmarc: z.enum(DMARC_RESULTS),
  /** A machine wrote it, or it came by a list: nobody waits for an answer. */
  isAutomatic: z.boolean(),
});

export type MailContent = z.infer<typeof mailContent>;
export type MailPerson = z.infer<typeof person>;
