import { z } from "zod";

/** A record as Qontak sends it. Which fields it has is up to each company. */
export const row = z.record(z.string(), z.unknown());
export type Row = Readonly<Record<string, unknown>>;

const text = z.string().nullish().catch(null);
const count = z.coerce.number().int().min(0).nullish().catch(null);

/**
 * Around every answer. Products name their pages in another way than everything else, some lists have none, and some
 * templates come without `meta`.
 */
export const envelope = z.looseObject({
  meta: z
    .looseObject({
      status: z.coerce.number().int().nullish().catch(null),
      message: text,
      developer_message: text,
    })
    .nullish()
    .catch(null),
  response: z.unknown().optional(),
  page: count,
  current_page: count,
  total_page: count,
  total_data: count,
});
export type Envelope = z.output<typeof envelope>;

/** How sign-in, and whatever stands before the API, says no. */
export const refusal = z.looseObject({
  error: z
    .union([z.string(), z.looseObject({ message: text })])
    .nullish()
    .catch(null),
  error_description: text,
  message: text,
});

export const grant = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().nullish().catch(null),
  refresh_token: z.string().min(1).nullish(),
});
