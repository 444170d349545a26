import { describe, expect, it } from 'vitest';
import { EventIndex } from '#src/console/event-index';
import type { PastInvocation } from '#src/console/past-invocation';

function invocation(event: string): PastInvocation {
  const content = Buffer.from(event);
  const excerpt = { content, size: content.length };
  return {
    functionName: 'one',
    requestId: 'r',
    at: 0,
    durationMs: 1,
    coldStart: false,
    event: excerpt,
    answer: excerpt,
  };
}

describe('the index of events', () => {
  it.each([
    ['a trace id', '4bf92f3577b34da6a3ce929d0e0e4736'],
    ['a trace id of digits and one letter', '0000000000000000000000000000000a'],
    ['a trace id that begins with digits', '123456789012345678901234abcdef12'],
    ['a trace id that ends with digits', 'abcdef12123456789012345678901234'],
    ['a trace id of digits only', '12345678901234567890123456789012'],
    ['the id of a request to OSS', '5C3D9175B6FC201293AD4890'],
    ['the id of a message', 'D6D5D5D5A1B2C3D4-1-16F2A2C3D4E-200000001'],
    ['the id of a message without hyphens', '12345678901234567890123456789012ABCD'],
  ])('finds an invocation by %s, until it is removed', (_, id) => {
    const index = new EventIndex();
    const named = invocation(`{"headers":{"traceparent":"00-${id}-00f067aa0ba902b7-01"}}`);
    index.add(invocation('{}'));
    index.add(named);
    expect(index.naming(id)).toEqual([named]);
    index.remove(named);
    expect(index.naming(id)).toEqual([]);
  });
});
