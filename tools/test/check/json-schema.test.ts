import { expect, it } from 'vitest';
import { matcherOf } from '#src/check/json-schema';

it.each([
  [{ type: 'string' }, 5, 'is 5, expected string'],
  [{ required: ['a'], type: 'object' }, {}, 'lacks a'],
  [{ additionalProperties: false, type: 'object' }, { a: 1 }, 'is not allowed here'],
  [{ items: { enum: ['a', 'b'] } }, ['a', 'c'], 'is "c", expected one of a, b'],
  [{ $ref: '#/definitions/n', definitions: { n: { minimum: 2 } } }, 1, 'is under 2'],
  [{ pattern: '^a' }, 'b', 'does not match ^a'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 1, 'matches none of the allowed forms'],
  [{ anyOf: [{ type: 'string' }] }, 1, 'is 1, expected string'],
  [JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]}}'), { a: 1 }, 'lacks b'],
])('the schema %j does not match %j', (schema, value, message) => {
  expect(matcherOf(schema)(value).map((one) => one.message)).toEqual([message]);
});

it('refuses a value that matches two forms of a oneOf, and accepts it for an anyOf', () => {
  const forms = [{ required: ['cron'] }, { required: ['rate'] }];
  const value = { cron: '@daily', rate: '1m' };
  expect(matcherOf({ oneOf: forms })(value)).toEqual([
    { path: [], message: 'fits more than one of the forms of which it must have one' },
  ]);
  expect(matcherOf({ anyOf: forms })(value)).toEqual([]);
});

it('names the part that does not match by its path', () => {
  const schema = {
    properties: { triggers: { items: { properties: { 'a/b': { type: 'string' } } } } },
  };
  expect(matcherOf(schema)({ triggers: [{}, { 'a/b': 1 }] })).toEqual([
    { path: ['triggers', '1', 'a/b'], message: 'is 1, expected string' },
  ]);
});
