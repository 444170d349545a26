import type { Fields } from '../fields.ts';
import type { Warn } from '../findings.ts';
import type { OssTriggerSpec } from '../types.ts';
import { readArn, readSourced } from './source.ts';

/** Each event that a trigger can name, and whether the local OSS emits it. */
const EVENTS: Record<string, boolean> = {
  'oss:ObjectCreated:*': true,
  'oss:ObjectCreated:PutObject': true,
  'oss:ObjectCreated:PostObject': true,
  'oss:ObjectCreated:CopyObject': true,
  'oss:ObjectCreated:CompleteMultipartUpload': true,
  'oss:ObjectCreated:AppendObject': true,
  'oss:ObjectCreated:InitiateMultipartUpload': false,
  'oss:ObjectCreated:PutSymlink': true,
  'oss:ObjectCreated:UploadPart': false,
  'oss:ObjectCreated:UploadPartCopy': false,
  'oss:ObjectModified:UpdateObjectMeta': false,
  'oss:ObjectRemoved:AbortMultipartUpload': false,
  'oss:ObjectRemoved:DeleteObject': true,
  'oss:ObjectRemoved:DeleteObjects': true,
};

export function readOssTrigger(fields: Fields, config: Fields, warn: Warn): OssTriggerSpec {
  config.require('events');
  const events = config.strings('events');
  const wrong = events.find((event) => !Object.hasOwn(EVENTS, event));
  if (wrong !== undefined || events.length === 0)
    throw config.fault(
      'events',
      `has "${wrong ?? ''}"`,
      `use any of ${Object.keys(EVENTS).join(', ')}`,
    );
  for (const event of events) warnOf(event, config, warn);
  const key = config.map('filter')?.map('key');
  for (const name of ['prefix', 'suffix'])
    if (!key?.has(name))
      warn(
        (key ?? config).source,
        `${config.owner} has no ${name} under filter.key, which the deploy tool wants: add ${name}, '' for any`,
      );
  return {
    type: 'oss',
    ...readSourced(fields),
    bucket: readArn(fields, 'sourceArn', 'bucket'),
    events,
    prefix: readAffix(key, 'prefix'),
    suffix: readAffix(key, 'suffix'),
  };
}

function warnOf(event: string, config: Fields, warn: Warn): void {
  const source = config.get('events')?.source ?? config.source;
  if (EVENTS[event] === false) warn(source, `${config.owner}: ${event} does not happen here`);
  if (event === 'oss:ObjectCreated:*')
    warn(
      source,
      `${config.owner}: in the cloud ${event} goes off for every part of a multipart upload too, here it does not: name PutObject, PostObject and CompleteMultipartUpload`,
    );
}

function readAffix(key: Fields | undefined, name: 'prefix' | 'suffix'): string {
  const tree = key?.get(name);
  if (tree?.kind === 'scalar' && typeof tree.value === 'string') return tree.value;
  if (!key || !tree) return '';
  throw key.wrong(name, tree, "write one text, '' for any");
}
