import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { anyFields, flatFields, texts, written } from '#src/log/fields';

/** Numbers from 0 to 1, the same in each run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

const NAMES = [
  ...[
    'id',
    'orderId',
    'requestId',
    'level',
    'message',
    'error',
    'value',
    'ü',
    'a"b',
    '7',
    '10',
    '',
  ],
  ...['name', 'Key', 'password', 'accessKeySecret', 'tokens', 'set-cookie', 'accessKeyId'],
  ...['expiration', '__proto__', 'constructor', 'toString', 'toJSON', '\ud800', 'a\nb'],
];
const VALUES: readonly unknown[] = [
  ...[
    'plain',
    '',
    'a "quoted" one',
    'back\\slash',
    'ünïcode 😀',
    '\ud800 half',
    '\u2028',
    '\u007f',
  ],
  ...['line\nbreak\t\u0000', 'password', 'x'.repeat(300), '~ !#[]'],
  ...[0, -0, 1.5, 1e21, -1e-7, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 2],
  ...[true, false, null, undefined],
];
const OTHERS: readonly unknown[] = [
  ...[5n, Symbol('s'), () => 1, { a: 1 }, ['cookie', 'v'], new Date(0), new Error('e')],
  ...[new Map([['a', 1]]), Buffer.from('x'), new String('boxed'), { toJSON: () => 'own' }],
];

function randomFields(random: () => number, values: readonly unknown[]): object {
  const of = <Value>(all: readonly Value[]): Value =>
    all[Math.floor(random() * all.length)] as Value;
  const count = Math.floor(random() * 6);
  return Object.fromEntries(Array.from({ length: count }, () => [of(NAMES), of(values)]));
}

it('writes flat fields as any others, over random ones', () => {
  const random = numbersFrom(1);
  let flat = 0;
  for (let round = 0; round < 4000; round++) {
    const fields = randomFields(random, round % 2 === 0 ? VALUES : [...VALUES, ...OTHERS]);
    const short = flatFields(fields);
    if (short !== undefined) flat++;
    expect(short ?? anyFields(fields)).toBe(anyFields(fields));
    expect(written(fields)).toBe(anyFields(fields));
    expect(() => JSON.parse(`{"first":0${written(fields)}}`)).not.toThrow();
  }
  expect(flat).toBeGreaterThan(1000);
});

it.each(['password', 'accessKeySecret', 'X-Api-Key', 'sk', 'name', 'KEY'])(
  'leaves fields with one named %s to what hides secrets, each time',
  (name) => {
    for (let time = 0; time < 2; time++) {
      expect(flatFields({ a: 'b', [name]: 'cookie', value: 'hidden' })).toBeUndefined();
      expect(written({ a: 'b', [name]: 'cookie', value: 'hidden' })).toContain('[redacted]');
    }
  },
);

it('leaves to the other what is no plain object, and what cannot be read', () => {
  class Own {
    a = 1;
  }
  const unreadable = Object.defineProperty({ a: 1 }, 'b', {
    enumerable: true,
    get: () => {
      throw new Error('no');
    },
  });
  const proxy = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );
  const bare = Object.assign(Object.create(null), { a: 1 });
  const others = [
    new Own(),
    unreadable,
    proxy,
    bare,
    ['x', 'y'],
    new Map([['a', 1]]),
    new Error('e'),
  ];
  for (const fields of others) {
    expect(flatFields(fields)).toBeUndefined();
    expect(written(fields)).toBe(anyFields(fields));
  }
});

it('knows more names than it remembers', () => {
  for (let n = 0; n < 1200; n++) expect(flatFields({ [`n${n}`]: n })).toBe(`,"n${n}":${n}`);
  expect(flatFields({ n0: 'a', n1199: 'b' })).toBe(',"n0":"a","n1199":"b"');
});

it('keeps no long names in memory', () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const used = () => {
    // The shapes of objects, which have the names, take several.
    for (let times = 0; times < 5; times++) collect();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  let written = 0;
  for (let n = 0; n < 40; n++)
    written += flatFields({ [n + 'x'.repeat(1_000_000)]: n })?.length ?? 0;
  expect(written).toBeGreaterThan(40_000_000);
  expect(used() - before).toBeLessThan(20_000_000);
});

it('writes texts, and nothing of those that are not set', () => {
  expect(texts({ a: 'b "c"', name: 'd', none: undefined })).toBe(',"a":"b \\"c\\"","name":"d"');
});
