import { randomBytes } from 'node:crypto';
import type { Caller } from '../oss/events.ts';
import type { Account } from './account.ts';

/** Who the console is to OSS: the account's owner, each time by a request of its own. Triggers see what it does. */
export function ownCaller({ accountId }: Account): Caller {
  return {
    requestId: randomBytes(12).toString('hex').toUpperCase(),
    requester: { kind: 'account', accountId, arn: `acs:ram::${accountId}:root` },
  };
}
