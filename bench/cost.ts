// npx tsx --conditions=fc-source bench/cost.ts [--memory 0.5] [--cpu 0.5] [--handler-ms 20] … (every value of DEFAULTS)
// What a million messages take of FC and SMQ by each way of consuming them: calculated from the
// measured times below, which shared/bench/drain.ts and shared/bench/invoke.ts print; put in your own.
import { parseArgs } from 'node:util';
import { table } from 'fc-measure';

const DEFAULTS = {
  messages: 1_000_000,
  /** Milliseconds that handling one message takes, mostly waiting. */
  'handler-ms': 20,
  /** Handlers at a time in one instance. */
  concurrency: 64,
  /** Maximum messages a second of one drain. */
  'drain-rate': 2500,
  /** Messages in a pushed batch. */
  batch: 16,
  /** Milliseconds of an invocation outside its handlers: the wrapper, the answer. */
  'invoke-ms': 1,
  /** Runs of the timer in a month, at least 1.5 requests each, whether there are messages or not. */
  'timer-runs': 43_200,
  /** Milliseconds of a run that finds the queue empty: one receive. */
  'empty-run-ms': 10,
  /** GB and vCPU of an instance. */
  memory: 0.5,
  cpu: 0.5,
  /**
   * Prices, in the currency of your bill: for a GB-second, a vCPU-second, a million invocations, a million
   * SMQ requests. Look up yours: they differ by region and by prepaid packages.
   */
  'price-gb-second': 0,
  'price-vcpu-second': 0,
  'price-million-invocations': 0,
  'price-million-smq-requests': 0,
};

type Name = keyof typeof DEFAULTS;
const { values: given } = parseArgs({
  options: Object.fromEntries(
    Object.keys(DEFAULTS).map((name) => [name, { type: 'string' as const }]),
  ),
});
const value = (name: Name): number => {
  const number = Number(given[name] ?? DEFAULTS[name]);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new Error(`--${name} is "${String(given[name])}", and a number from 0 is wanted`);
};

interface Way {
  name: string;
  invocations: number;
  /** Seconds that instances run. */
  seconds: number;
  /** SMQ requests made by the consumer or on its behalf. */
  smqRequests: number;
}

const messages = value('messages');
const handlerSeconds = value('handler-ms') / 1000;
const invokeSeconds = value('invoke-ms') / 1000;
const batch = value('batch');
const rate = Math.min(value('drain-rate'), value('concurrency') / Math.max(handlerSeconds, 1e-6));

const ways: Way[] = [
  {
    name: `timer, drain at ${value('concurrency')} at a time`,
    invocations: value('timer-runs'),
    seconds: messages / rate + (value('timer-runs') * value('empty-run-ms')) / 1000,
    smqRequests: (2 * messages) / 16 + value('timer-runs'),
  },
  {
    name: `pushed batches of ${batch}, handled together`,
    invocations: messages / batch,
    seconds: (messages / batch) * (handlerSeconds + invokeSeconds),
    smqRequests: (2 * messages) / batch,
  },
  {
    name: `pushed batches of ${batch}, handled in turn`,
    invocations: messages / batch,
    seconds: (messages / batch) * (batch * handlerSeconds + invokeSeconds),
    smqRequests: (2 * messages) / batch,
  },
  {
    name: 'topic, one invocation a message',
    invocations: messages,
    seconds: messages * (handlerSeconds + invokeSeconds),
    smqRequests: messages,
  },
  {
    name: 'timer, one by one over the SDK',
    invocations: value('timer-runs'),
    // Each message waits for its receive and its delete, 5 ms each.
    seconds: messages * (handlerSeconds + 0.01),
    smqRequests: 2 * messages + value('timer-runs'),
  },
];

const price = ({ seconds, invocations, smqRequests }: Way) =>
  seconds * value('memory') * value('price-gb-second') +
  seconds * value('cpu') * value('price-vcpu-second') +
  (invocations / 1e6) * value('price-million-invocations') +
  (smqRequests / 1e6) * value('price-million-smq-requests');
const priced = ways.some((way) => price(way) > 0);
const whole = (number: number) => Math.round(number).toLocaleString('en');
const least = Math.min(...ways.map(({ seconds }) => seconds));

console.log(
  `${whole(messages)} messages in a month, ${value('handler-ms')} ms of work each, instances of ${value('memory')} GB and ${value('cpu')} vCPU\n`,
);
console.log(
  table([
    [
      'way',
      'GB-seconds',
      'vCPU-seconds',
      'of the least',
      'invocations',
      'SMQ requests',
      ...(priced ? ['price'] : []),
    ],
    ...ways.map((way) => [
      way.name,
      whole(way.seconds * value('memory')),
      whole(way.seconds * value('cpu')),
      (way.seconds / least).toFixed(1),
      whole(way.invocations),
      whole(way.smqRequests),
      ...(priced ? [price(way).toFixed(2)] : []),
    ]),
  ]),
);
