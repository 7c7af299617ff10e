import { z } from "zod";

const text = z.string().nullish();
const number = z.number().nullish();
const pair = z.looseObject({ id: text, value: text });

/** A document of `customer-documents/v1` and `customer-reservations/v1`. */
const restDocument = z.looseObject({
  header: z.looseObject({
    active: z.boolean().nullish(),
    customer: z.looseObject({ id: text, firstName: text, lastName: text }).nullish(),
    documentDate: text,
    deliveryDate: text,
    documentKey: z.looseObject({
      number: z.union([z.number(), z.string()]),
      stub: text,
      type: text,
    }),
    omniChannel: z
      .looseObject({ followUpStatus: text, deliveryType: text, tracking: text, transporter: text })
      .nullish(),
    references: z.looseObject({ external: text, internal: text, followUp: text }).nullish(),
    storeId: text,
  }),
  lines: z
    .array(
      z.looseObject({
        active: z.boolean().nullish(),
        description: text,
        item: z.looseObject({ barcode: text, code: text, id: text }).nullish(),
        quantities: z.looseObject({ quantity: number, remaining: number }).nullish(),
        type: text,
        warehouseId: text,
      }),
    )
    .nullish(),
});

export const restDocuments = z.array(restDocument);

export const restAddresses = z.array(
  z.looseObject({
    city: text,
    countryId: text,
    zipCode: text,
    phoneNumber: text,
    email: text,
    lines: z.array(pair).nullish(),
    types: z.array(z.string()).nullish(),
  }),
);
