import { expect, it, vi } from 'vitest';
import { isoTime } from '#src/log/time';

it.each([
  0, 999, 1000, 1001, 1234, 1_767_322_991_007, 1_767_322_991_999, 1_767_322_992_000,
  1_767_322_991_000, -1, -999, -1000, 253_402_300_800_000, -62_167_219_200_001,
])('writes %i as a Date does', (now) => {
  expect(isoTime(now)).toBe(new Date(now).toISOString());
  expect(isoTime(now)).toBe(new Date(now).toISOString());
});

it('writes the present time by default', () => {
  vi.useFakeTimers({ now: 1_767_322_991_042 });
  expect(isoTime()).toBe('2026-01-02T03:03:11.042Z');
  vi.useRealTimers();
});
