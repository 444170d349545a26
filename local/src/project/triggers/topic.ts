import { NOTIFY_STRATEGIES } from '../../retry-schedule.ts';
import type { Fields } from '../fields.ts';
import { readTag } from '../read-tag.ts';
import type { TopicTriggerSpec } from '../types.ts';
import { readArn, readSourced } from './source.ts';

export function readTopicTrigger(fields: Fields, config: Fields): TopicTriggerSpec {
  config.require('notifyContentFormat');
  config.require('notifyStrategy');
  const filterTag = readTag(config, 'filterTag');
  return {
    type: 'mns_topic',
    ...readSourced(fields),
    topic: readArn(fields, 'sourceArn', 'topic'),
    format: config.oneOf('notifyContentFormat', ['STREAM', 'JSON']) ?? 'STREAM',
    strategy: config.oneOf('notifyStrategy', NOTIFY_STRATEGIES) ?? 'BACKOFF_RETRY',
    ...(filterTag !== undefined && { filterTag }),
  };
}
