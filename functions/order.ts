import * as z from '#shared/schema';

/** A text of `min` to `max` characters. */
const text = (min: number, max: number) => z.string().check(z.minLength(min), z.maxLength(max));

/** The sample's message, which is published, queued and stored. Replace it with your own. */
export const Order = z.strictObject({
  /** Chosen by the client; sending the same order again under the same id stores it once. */
  id: z
    .string()
    .check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected 1 to 64 letters, digits, "_" or "-"')),
  customer: text(1, 200),
  items: z
    .array(z.strictObject({ sku: text(1, 64), quantity: z.int().check(z.gte(1), z.lte(10_000)) }))
    .check(z.minLength(1), z.maxLength(1000)),
  note: z.optional(text(0, 60_000)),
});

export type Order = z.infer<typeof Order>;

/** Several orders in one request. */
export const Orders = z.array(Order).check(z.minLength(1), z.maxLength(100));
