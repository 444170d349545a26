import { expect, it } from 'vitest';
import { urlOf } from '#src/http/listen';

it.each([
  ['127.0.0.1', 'http://127.0.0.1:6801'],
  ['localhost', 'http://localhost:6801'],
  ['::1', 'http://[::1]:6801'],
  ['0.0.0.0', 'http://127.0.0.1:6801'],
  ['::', 'http://[::1]:6801'],
])('listening on %s is reached at %s', (host, url) => {
  expect(urlOf(host, 6801)).toBe(url);
});
