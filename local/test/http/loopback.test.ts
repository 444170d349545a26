import { expect, it } from 'vitest';
import { hostnameOf, isLoopback } from '#src/http/loopback';

it.each([
  ['127.0.0.1:6801', '127.0.0.1'],
  ['LOCALHOST', 'localhost'],
  ['[::1]:6801', '[::1]'],
  [undefined, ''],
])('takes the port off %s', (host, hostname) => {
  expect(hostnameOf(host)).toBe(hostname);
});

it.each(['localhost', '127.0.0.1', '127.8.9.10', '[::1]', '::1'])('%s is loopback', (name) => {
  expect(isLoopback(name)).toBe(true);
});

it.each(['', '10.0.0.1', '[::2]', 'localhost.example', '127.0.0.1.example', '127.0.0.1:80'])(
  '"%s" is not',
  (name) => {
    expect(isLoopback(name)).toBe(false);
  },
);
