import { expect, it } from 'vitest';
import { childTrace, formatTraceparent, parseTraceparent } from '#src/context/trace';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

it('reads a traceparent, makes a child of the same trace, and writes it back', () => {
  const parent = parseTraceparent(`00-${TRACE}-${SPAN}-01`);
  expect(parent).toEqual({ traceId: TRACE, spanId: SPAN, flags: '01' });
  const child = childTrace(parent);
  expect(child).toMatchObject({ traceId: TRACE, parentId: SPAN, flags: '01' });
  expect(child.spanId).not.toBe(SPAN);
  expect(formatTraceparent(child)).toBe(`00-${TRACE}-${child.spanId}-01`);
  expect(parseTraceparent(formatTraceparent(child))).toMatchObject({ spanId: child.spanId });
});

it('begins a trace where there is none', () => {
  const trace = childTrace(undefined);
  expect(trace).toEqual({
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    flags: '01',
  });
  expect(childTrace(undefined).traceId).not.toBe(trace.traceId);
});

it('reads a later version as far as it is known', () => {
  expect(parseTraceparent(`cc-${TRACE}-${SPAN}-09-more`)).toMatchObject({ flags: '09' });
});

it.each([
  undefined,
  42,
  '',
  'nonsense',
  `00-${TRACE}-${SPAN}`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01-more`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
])('reads no trace from %j', (value) => {
  expect(parseTraceparent(value)).toBeUndefined();
});
