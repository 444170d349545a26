import * as z from 'zod';

/** The sample's message: what the templates publish, queue and store. Replace it with your own. */
export const Order = z.strictObject({
  /** Chosen by the client; sending the same order again under the same id stores it once. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, "_" or "-"'),
  customer: z.string().min(1).max(200),
  items: z
    .array(z.strictObject({ sku: z.string().min(1).max(64), quantity: z.int().min(1).max(10_000) }))
    .min(1)
    .max(1000),
  note: z.string().max(60_000).optional(),
});

export type Order = z.infer<typeof Order>;
