import { createHash } from 'node:crypto';
import type { ObjectChange } from '../sources.ts';

export interface OssEventOptions {
  accountId: string;
  region: string;
  /** The same for all events of one trigger. */
  ruleId: string;
}

/** Returns a rule's id, 40 hex digits, from the trigger's names. */
export function ruleId(...names: string[]): string {
  return createHash('sha1').update(names.join('\n')).digest('hex');
}

/** Returns the event of an OSS trigger: one change at a time, with the key unencoded. */
export function ossEvent(change: ObjectChange, options: OssEventOptions): object {
  const { accountId, region } = options;
  const { name, bucket, key, size, deltaSize, eTag, time, requestId } = change;
  return {
    events: [
      {
        eventName: name,
        eventSource: 'acs:oss',
        eventTime: new Date(time).toISOString(),
        eventVersion: '1.0',
        oss: {
          bucket: {
            arn: `acs:oss:${region}:${accountId}:${bucket}`,
            name: bucket,
            ownerIdentity: accountId,
          },
          object: { deltaSize, eTag, key, size },
          ossSchemaVersion: '1.0',
          ruleId: options.ruleId,
        },
        region,
        requestParameters: { sourceIPAddress: change.sourceIp ?? '127.0.0.1' },
        responseElements: { requestId },
        userIdentity: { principalId: change.requester?.accountId ?? '' },
      },
    ],
  };
}
