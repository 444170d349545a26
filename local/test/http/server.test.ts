import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('only the common module and code inside an instance create servers', () => {
  const folder = join(import.meta.dirname, '../../src');
  const making = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => /\bcreateServer\(/.test(readFileSync(join(folder, file), 'utf8')));
  expect(making.map((file) => file.replaceAll('\\', '/')).sort()).toEqual([
    'fc/custom/wait-until-listening.ts',
    'fc/instance/bootstrap.ts',
    'http/server.ts',
  ]);
});
