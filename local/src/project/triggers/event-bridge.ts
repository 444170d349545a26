import { NOTIFY_STRATEGIES } from '../../retry-schedule.ts';
import { RESOURCE_NAME } from '../../smq/limits.ts';
import type { Fields } from '../fields.ts';
import { unsupported } from '../invalid-project.ts';
import type { QueueTriggerSpec } from '../types.ts';
import { readArn, readSourced } from './source.ts';

const MAX_BATCH_MESSAGES = 10_000;
const MAX_WINDOW_SECONDS = 15;
const MODES = ['event-streaming', 'event-driven'] as const;

/**
 * Reads an eventbridge trigger whose source is an SMQ queue. Throws for another source, a filter,
 * and the mode that pushes single events.
 */
export function readEventBridgeTrigger(fields: Fields, config: Fields): QueueTriggerSpec {
  const source = readQueueSource(config.map('eventSourceConfig') ?? config);
  checkFilter(config, fields.requireString('triggerName'));
  const options = config.map('runOptions');
  const delivery = config.map('eventSinkConfig')?.map('deliveryOption');
  for (const one of [options, delivery]) checkMode(one);
  return {
    type: 'eventbridge',
    ...readSourced(fields),
    enable: config.boolean('triggerEnable') ?? true,
    asynchronous: config.boolean('asyncInvocationType') ?? false,
    ...source,
    schema: delivery?.oneOf('eventSchema', ['CloudEvents', 'RawData']) ?? 'CloudEvents',
    ...readRunOptions(options),
  };
}

function readQueueSource(config: Fields) {
  const type = config.requireString('eventSourceType');
  if (type !== 'MNS')
    throw unsupported(
      config.get('eventSourceType')?.source ?? config.source,
      `${config.owner}: eventSourceType "${type}" is not known to the local cloud`,
      'use MNS, or test the function with an event of your own',
    );
  const parameters = requireMap(config, 'eventSourceParameters');
  const source = requireMap(parameters, 'sourceMNSParameters');
  const queue = source.requireString('QueueName');
  if (!RESOURCE_NAME.test(queue))
    throw source.fault('QueueName', `is "${queue}"`, 'use letters, digits and hyphens');
  // EventBridge decodes unless this is false.
  return { queue, decodeBase64: source.boolean('IsBase64Decode') ?? true };
}

/**
 * Throws unless the filter matches every event: `{}`, or one that names this trigger as the source,
 * as each of its events does.
 */
function checkFilter(config: Fields, trigger: string): void {
  const tree = config.get('eventRuleFilterPattern');
  if (!tree) return;
  const pattern = config.requireString('eventRuleFilterPattern');
  if (takesAll(pattern, trigger)) return;
  throw unsupported(
    tree.source,
    `${config.owner}: eventRuleFilterPattern is "${pattern}", and events are not filtered here`,
    "write '{}'",
  );
}

function takesAll(pattern: string, trigger: string): boolean {
  try {
    const parsed: unknown = JSON.parse(pattern);
    const [entry, another] = Object.entries(Object(parsed)) as [string, unknown][];
    if (!entry) return true;
    const [key, values] = entry;
    return (
      !another &&
      key === 'source' &&
      Array.isArray(values) &&
      values.some((value) => /^MNS-/.test(String(value)) && String(value).endsWith(`-${trigger}`))
    );
  } catch {
    return false;
  }
}

function checkMode(fields: Fields | undefined): void {
  const mode = fields?.oneOf('mode', MODES);
  if (mode === 'event-driven')
    throw unsupported(
      fields?.get('mode')?.source ?? '',
      `${fields?.owner}: mode event-driven is not known to the local cloud`,
      'use event-streaming',
    );
}

function readRunOptions(options: Fields | undefined) {
  const window = options?.map('batchWindow');
  const deadLetter = options?.map('deadLetterQueue');
  return {
    errorsTolerance: options?.oneOf('errorsTolerance', ['ALL', 'NONE']) ?? 'ALL',
    strategy:
      options?.map('retryStrategy')?.oneOf('PushRetryStrategy', NOTIFY_STRATEGIES) ??
      'BACKOFF_RETRY',
    batch: {
      count: window?.integer('CountBasedWindow', { min: 1, max: MAX_BATCH_MESSAGES }) ?? 1,
      seconds: window?.integer('TimeBasedWindow', { min: 0, max: MAX_WINDOW_SECONDS }) ?? 0,
    },
    ...(deadLetter?.has('Arn') && { deadLetterQueue: readArn(deadLetter, 'Arn', 'queue') }),
  } as const;
}

function requireMap(fields: Fields, key: string): Fields {
  const tree = fields.require(key);
  const map = fields.map(key);
  if (!map) throw fields.wrong(key, tree, 'write a map');
  return map;
}
