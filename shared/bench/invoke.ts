// npx tsx --conditions=fc-source shared/bench/invoke.ts [rounds] >/dev/null
// What the handler wrappers cost for an event of 1 KB in processor time, against what a handler would do
// itself with the same event: parsing, validating, the context's log, the answer. A log line, and the system
// call that writes it, are rows of their own.
import { writeSync } from 'node:fs';
import { httpEvent } from 'fc-local/testing';
import { interleaved, median, table } from 'fc-measure';
import type { FunctionContext } from '#src/context/function-context';
import { parseTimerEvent } from '#src/events/index';
import { eventHandler } from '#src/handler/event-handler';
import { httpHandler } from '#src/handler/http-handler';
import { json } from '#src/handler/json';
import * as z from '#src/schema/index';
import { fakeContext } from '#test/fake-context';

// Log lines go to standard output, as on FC; the report goes to standard error.
const ROUNDS = Number(process.argv[2] ?? 15);
const CALLS = 2000;

const Body = z.strictObject({ id: z.string(), note: z.string() });
const frame = httpEvent({ body: JSON.stringify({ id: 'order-1', note: '' }) }).length;
const http = httpEvent({
  body: JSON.stringify({ id: 'order-1', note: 'n'.repeat(Math.max(0, 1024 - frame)) }),
});
const timer = Buffer.from(
  JSON.stringify({
    triggerTime: '2026-01-02T03:04:05Z',
    triggerName: 't',
    payload: 'p'.repeat(950),
  }),
);
const context = fakeContext();

type Handler = (event: Buffer, context: FunctionContext) => Promise<unknown>;

/** Measures microseconds of processor time a call. */
const timed = (handler: Handler, event: Buffer) => async () => {
  const start = process.cpuUsage();
  for (let call = 0; call < CALLS; call++) await handler(event, context);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / CALLS;
};

const LEAST = 'the least it would do itself: JSON.parse twice';
/** As long as the line that the handler below writes. */
const LINE = Buffer.from(`${'x'.repeat(240)}\n`);

const contenders = {
  'a bare handler': timed(async () => ({ statusCode: 200, body: '{}' }), http),
  [LEAST]: timed(async (event) => {
    const { body } = JSON.parse(event.toString());
    return { statusCode: 200, body: JSON.stringify({ id: JSON.parse(body).id }) };
  }, http),
  'httpHandler with a schema': timed(
    httpHandler({ body: Body, handle: async ({ body }) => json(200, { id: body.id }) }),
    http,
  ),
  'eventHandler of a timer': timed(
    eventHandler(parseTimerEvent, async () => ({})),
    timer,
  ),
  'httpHandler with a schema and one log line': timed(
    httpHandler({
      body: Body,
      async handle({ body, log }) {
        log.info({ id: body.id }, 'Taken');
        return json(200, { id: body.id });
      },
    }),
    http,
  ),
  'writing a line of that length alone': timed(async () => writeSync(1, LINE), http),
};

await interleaved(2, contenders);
const times = await interleaved(ROUNDS, contenders);
const least = times[LEAST] ?? [];
const ofLeast = (values: readonly number[]) =>
  median(values.map((value, round) => value / (least[round] ?? Number.NaN)));
const report = `Microseconds of processor time a call for an event of ${http.length} bytes, ${ROUNDS} interleaved rounds of ${CALLS}, medians\n\n${table(
  [
    ['', 'µs', 'of the least'],
    ...Object.entries(times).map(([name, values]) => [
      name,
      median(values).toFixed(1),
      ofLeast(values).toFixed(1),
    ]),
  ],
)}\n`;
process.stderr.write(report);
