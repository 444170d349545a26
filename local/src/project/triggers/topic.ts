import type { Fields } from '../fields.ts';
import type { NotifyStrategy, TopicTriggerSpec } from '../types.ts';
import { readArn, readSourced } from './source.ts';

export const STRATEGIES = [
  'BACKOFF_RETRY',
  'EXPONENTIAL_DECAY_RETRY',
] as const satisfies readonly NotifyStrategy[];

const LONGEST_TAG = 16;

export function readTopicTrigger(fields: Fields, config: Fields): TopicTriggerSpec {
  config.only(['notifyContentFormat', 'notifyStrategy', 'filterTag', 'region']);
  config.require('notifyContentFormat');
  config.require('notifyStrategy');
  const filterTag = config.string('filterTag');
  if (filterTag !== undefined && filterTag.length > LONGEST_TAG)
    throw config.fault(
      'filterTag',
      `has ${filterTag.length} characters`,
      `give ${LONGEST_TAG} at most`,
    );
  return {
    type: 'mns_topic',
    ...readSourced(fields),
    topic: readArn(fields, 'sourceArn', 'topic'),
    format: config.oneOf('notifyContentFormat', ['STREAM', 'JSON']) ?? 'STREAM',
    strategy: config.oneOf('notifyStrategy', STRATEGIES) ?? 'BACKOFF_RETRY',
    ...(filterTag !== undefined && { filterTag }),
  };
}
