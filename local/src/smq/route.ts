import { percentDecode } from '../percent.ts';
import { SmqError } from './errors.ts';

/** Kind of resource that a path names. */
export type ResourceKind =
  | 'account'
  | 'open-service'
  | 'queues'
  | 'queue'
  | 'queue-messages'
  | 'topics'
  | 'topic'
  | 'topic-messages'
  | 'subscriptions'
  | 'subscription';

/** Path at which the Java SDK orders the service itself. */
const OPEN_SERVICE = '/commonbuy/openservice';

export interface Resource {
  kind: ResourceKind;
  /** Name of the queue or topic; empty for account, queues and topics. */
  name: string;
  /** Empty except for a subscription. */
  subscription: string;
}

/** Parses a path. Throws InvalidRequestURL for one that is not the API's. */
export function parsePath(path: string): Resource {
  if (path === '/') return { kind: 'account', name: '', subscription: '' };
  if (path === OPEN_SERVICE) return { kind: 'open-service', name: '', subscription: '' };
  const parts = path.split('/');
  const [before, root, name, part, subscription] = path.includes('%') ? parts.map(decode) : parts;
  const kind = kindOf(root, name, part, subscription);
  if (before !== '' || !kind || parts.length > 5) throw new SmqError('InvalidRequestURL');
  return { kind, name: name ?? '', subscription: subscription ?? '' };
}

/** Returns the resource as a RAM policy names it, after `acs:mns:<region>:<account>:`. */
export function resourcePath({ kind, name, subscription }: Resource): string {
  switch (kind) {
    case 'account':
      return '/';
    case 'open-service':
      return OPEN_SERVICE;
    case 'queues':
      return '/queues';
    case 'queue':
      return `/queues/${name}`;
    case 'queue-messages':
      return `/queues/${name}/messages`;
    case 'topics':
      return '/topics';
    case 'topic':
      return `/topics/${name}`;
    case 'topic-messages':
      return `/topics/${name}/messages`;
    case 'subscriptions':
      return `/topics/${name}/subscriptions`;
    case 'subscription':
      return `/topics/${name}/subscriptions/${subscription}`;
  }
}

function kindOf(
  root: string | undefined,
  name: string | undefined,
  part: string | undefined,
  subscription: string | undefined,
): ResourceKind | undefined {
  if (name === '' || subscription === '') return undefined;
  if (root === 'queues') {
    if (name === undefined) return 'queues';
    if (part === undefined) return 'queue';
    return part === 'messages' && subscription === undefined ? 'queue-messages' : undefined;
  }
  if (root !== 'topics') return undefined;
  if (name === undefined) return 'topics';
  if (part === undefined) return 'topic';
  if (part === 'messages' && subscription === undefined) return 'topic-messages';
  if (part !== 'subscriptions') return undefined;
  return subscription === undefined ? 'subscriptions' : 'subscription';
}

function decode(segment: string): string {
  const decoded = percentDecode(segment);
  if (decoded === undefined) throw new SmqError('InvalidRequestURL');
  return decoded;
}
