import type { Fields } from './fields.ts';
import { unsupported } from './invalid-project.ts';
import { arnForm, nameInArn } from './triggers/source.ts';
import type { AsyncInvokeSpec, DestinationSpec } from './types.ts';

const MAX_RETRIES = 8;
const MAX_AGE_SECONDS = 2_592_000;
/** What each kind's ARN has after its name: FC sends to the messages of a queue or a topic. */
const KINDS = { queue: '/messages', topic: '/messages', function: '' } as const;

/** A function's asyncInvokeConfig, or undefined when it has none. */
export function readAsyncInvoke(fields: Fields): AsyncInvokeSpec | undefined {
  const config = fields
    .map('asyncInvokeConfig')
    ?.only([
      'asyncTask',
      'destinationConfig',
      'maxAsyncEventAgeInSeconds',
      'maxAsyncRetryAttempts',
      'qualifier',
    ]);
  if (!config) return undefined;
  if (config.boolean('asyncTask'))
    throw unsupported(
      config.get('asyncTask')?.source ?? config.source,
      `${config.owner}: asyncTask is not known to the local cloud`,
      'take it out',
    );
  const maxRetryAttempts = config.integer('maxAsyncRetryAttempts', { min: 0, max: MAX_RETRIES });
  const maxEventAge = config.integer('maxAsyncEventAgeInSeconds', {
    min: 1,
    max: MAX_AGE_SECONDS,
  });
  const destinations = config.map('destinationConfig')?.only(['onSuccess', 'onFailure']);
  const onSuccess = readDestination(destinations, 'onSuccess');
  const onFailure = readDestination(destinations, 'onFailure');
  return {
    ...(maxRetryAttempts !== undefined && { maxRetryAttempts }),
    ...(maxEventAge !== undefined && { maxEventAge }),
    ...(onSuccess && { onSuccess }),
    ...(onFailure && { onFailure }),
  };
}

function readDestination(
  destinations: Fields | undefined,
  key: 'onSuccess' | 'onFailure',
): DestinationSpec | undefined {
  const fields = destinations?.map(key)?.only(['destination']);
  if (!fields) return undefined;
  const arn = fields.requireString('destination');
  const source = fields.get('destination')?.source ?? fields.source;
  const kinds = Object.entries(KINDS) as [keyof typeof KINDS, string][];
  for (const [kind, end] of kinds) {
    const name = arn.endsWith(end)
      ? nameInArn(kind, arn.slice(0, arn.length - end.length))
      : undefined;
    if (name !== undefined) return { kind, name, source };
  }
  throw unsupported(
    source,
    `${fields.owner}: destination "${arn}" is not known to the local cloud`,
    `use ${kinds.map(([kind, end]) => arnForm(kind) + end).join(', ')}`,
  );
}
