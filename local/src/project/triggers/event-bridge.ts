import { NOTIFY_STRATEGIES } from '../../retry-schedule.ts';
import type { Fields } from '../fields.ts';
import { unsupported } from '../invalid-project.ts';
import type { QueueTriggerSpec } from '../types.ts';
import { readArn, readSourced } from './source.ts';

const MAX_BATCH_MESSAGES = 10_000;
const MAX_WINDOW_SECONDS = 15;

/** An eventbridge trigger whose source is an SMQ queue. Throws for another source, a filter, and the mode that pushes single events. */
export function readEventBridgeTrigger(
  fields: Fields,
  config: Fields,
  warnings: string[],
): QueueTriggerSpec {
  config.only([
    'triggerEnable',
    'asyncInvocationType',
    'eventRuleFilterPattern',
    'eventSourceConfig',
    'eventSinkConfig',
    'runOptions',
  ]);
  for (const key of ['triggerEnable', 'asyncInvocationType', 'eventRuleFilterPattern'])
    config.require(key);
  checkFilter(config);
  return {
    type: 'eventbridge',
    ...readSourced(fields),
    enable: config.boolean('triggerEnable') ?? true,
    asynchronous: config.boolean('asyncInvocationType') ?? false,
    ...readQueueSource(requireMap(config, 'eventSourceConfig'), warnings),
    schema: readSchema(requireMap(config, 'eventSinkConfig')),
    ...readRunOptions(requireMap(config, 'runOptions'), warnings),
  };
}

function checkFilter(config: Fields): void {
  const pattern = config.requireString('eventRuleFilterPattern');
  if (pattern.replace(/\s/g, '') !== '{}')
    throw unsupported(
      config.get('eventRuleFilterPattern')?.source ?? config.source,
      `${config.owner}: eventRuleFilterPattern is "${pattern}", and events are not filtered here`,
      "write '{}'",
    );
}

function readQueueSource(config: Fields, warnings: string[]) {
  config.only(['eventSourceType', 'eventSourceParameters']);
  const type = config.requireString('eventSourceType');
  if (type !== 'MNS')
    throw unsupported(
      config.get('eventSourceType')?.source ?? config.source,
      `${config.owner}: eventSourceType "${type}" is not known to the local cloud`,
      'use MNS, or keep the function in an s.yaml of its own',
    );
  const parameters = requireMap(config, 'eventSourceParameters').only(['sourceMNSParameters']);
  const queue = requireMap(parameters, 'sourceMNSParameters').only([
    'RegionId',
    'QueueName',
    'IsBase64Decode',
    'PollingConfig',
  ]);
  warnOf(queue, ['PollingConfig'], warnings);
  return {
    queue: queue.requireString('QueueName'),
    // EventBridge decodes unless this says no.
    decodeBase64: queue.boolean('IsBase64Decode') ?? true,
  };
}

function readSchema(config: Fields): QueueTriggerSpec['schema'] {
  const option = requireMap(config.only(['deliveryOption']), 'deliveryOption');
  option.only(['eventSchema', 'concurrency']);
  return option.oneOf('eventSchema', ['CloudEvents', 'RawData']) ?? 'CloudEvents';
}

function readRunOptions(options: Fields, warnings: string[]) {
  options.only([
    'mode',
    'maximumTasks',
    'errorsTolerance',
    'retryStrategy',
    'deadLetterQueue',
    'batchWindow',
  ]);
  warnOf(options, ['maximumTasks'], warnings);
  const mode = options.oneOf('mode', ['event-streaming', 'event-driven']);
  if (mode === 'event-driven')
    throw unsupported(
      options.get('mode')?.source ?? options.source,
      `${options.owner}: mode event-driven is not known to the local cloud`,
      'use event-streaming',
    );
  const retry = options.map('retryStrategy')?.only(['PushRetryStrategy']);
  const window = options.map('batchWindow')?.only(['CountBasedWindow', 'TimeBasedWindow']);
  const deadLetter = options.map('deadLetterQueue')?.only(['Arn']);
  return {
    errorsTolerance: options.oneOf('errorsTolerance', ['ALL', 'NONE']) ?? 'ALL',
    strategy: retry?.oneOf('PushRetryStrategy', NOTIFY_STRATEGIES) ?? 'BACKOFF_RETRY',
    batch: {
      count: window?.integer('CountBasedWindow', { min: 1, max: MAX_BATCH_MESSAGES }) ?? 1,
      seconds: window?.integer('TimeBasedWindow', { min: 0, max: MAX_WINDOW_SECONDS }) ?? 0,
    },
    ...(deadLetter && { deadLetterQueue: readArn(deadLetter, 'Arn', 'queue') }),
  } as const;
}

function requireMap(fields: Fields, key: string): Fields {
  const tree = fields.require(key);
  const map = fields.map(key);
  if (!map) throw fields.wrong(key, tree, 'write a map');
  return map;
}

function warnOf(fields: Fields, keys: readonly string[], warnings: string[]): void {
  for (const key of keys) {
    const tree = fields.get(key);
    if (tree) warnings.push(`${tree.source}: ${fields.owner}: ${key} has no effect here`);
  }
}
