import { randomBytes } from 'node:crypto';
import type { Caller } from '../oss/events.ts';
import type { Account } from './account.ts';

/**
 * Returns the console's identity for OSS: the account's owner, with a new request id each time.
 * Triggers see its changes.
 */
export function ownCaller({ accountId }: Account): Caller {
  return {
    requestId: randomBytes(12).toString('hex').toUpperCase(),
    requester: { kind: 'account', accountId, arn: `acs:ram::${accountId}:root` },
  };
}
