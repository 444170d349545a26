import { randomUUID } from 'node:crypto';

/** What the demo and the smoke test send: the message that the sample functions publish, queue and store. */
export interface SampleOrder {
  /** 1 to 64 letters, digits, `_` or `-`. */
  id: string;
  customer: string;
  items: { sku: string; quantity: number }[];
  note?: string;
}

/** Texts that break wherever something is not escaped: XML, JSON, UTF-8, control characters. */
const NOTES = [
  'plain words',
  'a < b && b > c',
  ']]> <!-- <![CDATA[ &amp; &#x41; &nope;',
  'parcel 📦, 包裹, pâté, שלום',
  'tab\t, newline\n, carriage return\r\n, escape \u001b, delete \u007f, next line \u0085',
  '"quotes", \'apostrophes\', back\\slashes and {"json": true}',
];

/** Makes orders with new ids; the notes are used in turn. */
export function makeOrders(count: number): SampleOrder[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `order-${String(index + 1).padStart(4, '0')}-${randomUUID().slice(0, 8)}`,
    customer: index % 2 === 0 ? 'Ada & Söhne <GmbH>' : '王小明',
    items: [{ sku: `sku-${(index % 7) + 1}`, quantity: (index % 5) + 1 }],
    note: NOTES[index % NOTES.length] ?? '',
  }));
}
