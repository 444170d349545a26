import { expect, it } from 'vitest';
import { mismatches } from '#src/check/json-schema';

it.each([
  [{ type: 'string' }, 5, 'is 5, and wants string'],
  [{ required: ['a'], type: 'object' }, {}, 'lacks a'],
  [{ additionalProperties: false, type: 'object' }, { a: 1 }, 'is not allowed here'],
  [{ items: { enum: ['a', 'b'] } }, ['a', 'c'], 'is "c", and wants one of a, b'],
  [{ $ref: '#/definitions/n', definitions: { n: { minimum: 2 } } }, 1, 'is under 2'],
  [{ pattern: '^a' }, 'b', 'does not match ^a'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 1, 'fits none of the forms it may have'],
  [JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]}}'), { a: 1 }, 'lacks b'],
])('the schema %j does not hold for %j', (schema, value, message) => {
  expect(mismatches(schema, value).map((one) => one.message)).toEqual([message]);
});
