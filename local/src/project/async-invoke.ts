import type { Fields } from './fields.ts';
import type { Warn } from './findings.ts';
import { present } from './present.ts';
import { arnForm, nameInArn } from './triggers/source.ts';
import type { AsyncInvokeSpec, DestinationSpec } from './types.ts';

const MAX_RETRIES = 8;
const MAX_AGE_SECONDS = 2_592_000;
/** Suffix of each kind's ARN after the name: FC sends to the messages of a queue or a topic. */
const KINDS = { queue: '/messages', topic: '/messages', function: '' } as const;

/**
 * Reads a function's asyncInvokeConfig; undefined when it has none. Warns of unknown destinations.
 */
export function readAsyncInvoke(fields: Fields, warn: Warn): AsyncInvokeSpec | undefined {
  const config = fields.map('asyncInvokeConfig');
  if (!config) return undefined;
  const destinations = config.map('destinationConfig');
  return present({
    maxRetryAttempts: config.integer('maxAsyncRetryAttempts', { min: 0, max: MAX_RETRIES }),
    maxEventAge: config.integer('maxAsyncEventAgeInSeconds', { min: 1, max: MAX_AGE_SECONDS }),
    onSuccess: readDestination(destinations?.map('onSuccess'), warn),
    onFailure: readDestination(destinations?.map('onFailure'), warn),
  });
}

function readDestination(fields: Fields | undefined, warn: Warn): DestinationSpec | undefined {
  const tree = fields?.get('destination');
  if (!fields || !tree || (tree.kind === 'scalar' && tree.value === '')) return undefined;
  const arn = fields.requireString('destination');
  const kinds = Object.entries(KINDS) as [keyof typeof KINDS, string][];
  for (const [kind, end] of kinds) {
    const name = arn.endsWith(end)
      ? nameInArn(kind, arn.slice(0, arn.length - end.length))
      : undefined;
    if (name !== undefined) return { kind, name, source: tree.source };
  }
  warn(
    tree.source,
    `${fields.owner}: destination "${arn}" is not known to the local cloud, and nothing is sent there: use ${kinds.map(([kind, end]) => arnForm(kind) + end).join(', ')}`,
  );
  return undefined;
}
