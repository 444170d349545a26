import { expect, it } from 'vitest';
import { z } from 'zod';
import { InvalidInputError } from '#src/errors/errors';
import { parseJson, validate } from '#src/schema/validate';

const text = z.string().min(1).max(200);
const Order = z.strictObject({
  id: z.string().regex(/^[\w-]{1,64}$/, 'expected 1 to 64 letters, digits, "_" or "-"'),
  customer: text,
  items: z.array(z.strictObject({ sku: text, quantity: z.int().min(1) })).max(1000),
});

it('returns the schema’s output', async () => {
  const schema = z.object({ count: z.coerce.number() });
  await expect(validate(schema, { count: '3' }, 'Body')).resolves.toEqual({ count: 3 });
});

it('names every issue with its path, indexes included', async () => {
  const order = { id: 'no spaces please', customer: 'Ada', items: [{ sku: 'a', quantity: 0 }] };
  await expect(validate(Order, order, 'Order')).rejects.toMatchObject({
    code: 'InvalidValue',
    issues: [
      { path: 'id', message: expect.stringContaining('letters, digits') },
      { path: 'items[0].quantity', message: expect.any(String) },
    ],
    message: expect.stringMatching(/^Order is not valid \(id: .*; items\[0\]\.quantity: /),
  });
});

it('names the first of very many issues, each no longer than a sentence', async () => {
  const items = Array.from({ length: 500 }, () => ({ sku: '', quantity: 0 }));
  const extra = Object.fromEntries(items.map((_, index) => [`unknown-${index}`, 1]));
  const error = await validate(Order, { id: 'a', customer: 'Ada', items, ...extra }, 'Order').catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InvalidInputError);
  const { issues, message } = error as InvalidInputError;
  expect(issues).toHaveLength(20);
  expect(message).toMatch(/^Order is not valid \(items\[0\]\.sku: .*; and 981 more\)$/);

  await expect(
    validate(
      Order,
      { id: 'a', customer: 'Ada', items: [{ sku: 's', quantity: 1 }], ...extra },
      'Order',
    ),
  ).rejects.toMatchObject({
    issues: [
      { path: '', message: expect.stringMatching(/^Unrecognized keys: "unknown-0".{1,300}…$/) },
    ],
  });
});

it('waits for a schema that validates asynchronously', async () => {
  const schema = z.string().refine(async (text) => text === 'yes', 'expected yes');
  await expect(validate(schema, 'no', 'Answer')).rejects.toMatchObject({
    issues: [{ path: '', message: 'expected yes' }],
  });
});

it.each([
  ['', 'InvalidJson'],
  ['{"a":', 'InvalidJson'],
  [Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'InvalidUtf8'],
])('refuses %j and does not quote it', (bytes, code) => {
  expect(() => parseJson(bytes, 'Body')).toThrow(expect.objectContaining({ code }));
});
