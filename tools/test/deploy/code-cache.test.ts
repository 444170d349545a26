import { expect, it } from 'vitest';
import { chooseCodeCache } from '#src/deploy/code-cache';
import { run } from '#test/run';

const HERE = { version: 'v20.8.1', platform: 'linux', arch: 'x64' } as const;

it.each([
  ['v20.8.1', HERE, true, 'With a code cache for Node v20.8.1'],
  [' 20.8.1 ', HERE, true, 'With a code cache for Node v20.8.1'],
  ['v20.8.2', HERE, false, 'No code cache: it is for Node v20.8.2, and this is v20.8.1'],
  [
    'v20.8.1',
    { ...HERE, platform: 'darwin', arch: 'arm64' } as const,
    false,
    'No code cache: it is for linux x64, and this is darwin arm64',
  ],
  [
    '',
    HERE,
    false,
    'No code cache: set CODE_CACHE_NODE to what process.version is in a deployed function, or CODE_CACHE=0',
  ],
])(
  'deploy, with CODE_CACHE_NODE=%j, makes a code cache where this Node is the stated one',
  (stated, node, codeCache, note) => {
    expect(chooseCodeCache({ CODE_CACHE_NODE: stated }, node)).toEqual({ codeCache, note });
    if (!stated) expect(chooseCodeCache({}, node)).toEqual({ codeCache, note });
  },
);

it.each([
  ['1', true],
  ['true', true],
  [' Yes ', true],
  ['ON', true],
  ['0', false],
  ['False', false],
  ['no', false],
  ['off', false],
])('deploy does what CODE_CACHE=%j says, and prints nothing about it', (CODE_CACHE, codeCache) => {
  const env = { CODE_CACHE_NODE: HERE.version, CODE_CACHE };
  expect(chooseCodeCache(env, HERE)).toEqual({ codeCache });
});

it.each(['maybe', '2', 'v20.8.1', 'constructor'])(
  'neither deploy nor build takes CODE_CACHE=%s for an answer',
  async (CODE_CACHE) => {
    const message = `CODE_CACHE is "${CODE_CACHE}"; give 1 or 0`;
    expect(() => chooseCodeCache({ CODE_CACHE }, HERE)).toThrow(message);
    expect(await run(['build', 'topic-publisher'], { env: { CODE_CACHE } })).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${message}\n`,
    });
  },
);
