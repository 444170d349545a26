import { readFileSync } from 'node:fs';
import { SECRET_NAME } from 'fc-kit/handler';
import { expect, it } from 'vitest';

it('hides in the local console by the same list of names as in the logs', () => {
  const source = readFileSync(new URL('../../local/src/secrets.ts', import.meta.url), 'utf8');
  expect(/SECRET_NAME =\s*'([^']+)'/.exec(source)?.[1]).toBe(SECRET_NAME);
});
