import { OssError } from '../errors.ts';
import { RESTORED_DAYS, RESTORING_MS } from '../limits.ts';
import type { ObjectRecord, Restored } from '../store/types.ts';

const DAY_MS = 24 * 60 * 60_000;

type Archived = Pick<ObjectRecord, 'storageClass' | 'restored'>;

/** Throws InvalidObjectState for an object of the class Archive that has not been restored. */
export function checkReadable(object: Archived & { key: string }, now: number): void {
  const { storageClass, key } = object;
  if (storageClass === 'Archive' && stateOf(object, now) !== 'restored')
    throw new OssError('InvalidObjectState', { details: { ObjectName: key } });
}

/**
 * Returns the state of the restore that a request begins, or prolongs when the object is already
 * restored. Throws OperationNotSupported for a class that needs none, and RestoreAlreadyInProgress.
 */
export function restore(object: Archived, days: number, now: number): Restored {
  if (object.storageClass !== 'Archive')
    throw new OssError('OperationNotSupported', {
      message: 'The operation is not supported for this resource: its storage class is not Archive',
    });
  const state = stateOf(object, now);
  if (state === 'restoring') throw new OssError('RestoreAlreadyInProgress');
  const { restored } = object;
  if (state === 'frozen' || !restored)
    return { ready: now + RESTORING_MS, expires: now + RESTORING_MS + days * DAY_MS };
  const { ready, expires } = restored;
  const longest = ready + RESTORED_DAYS.max * DAY_MS;
  return { ready, expires: Math.min(Math.max(expires, now + days * DAY_MS), longest) };
}

/**
 * Formats the state for `x-oss-restore`; undefined for an object that was never restored or is
 * frozen again.
 */
export function describeRestoring(object: Archived, now: number): string | undefined {
  const state = stateOf(object, now);
  if (state === 'restoring') return 'ongoing-request="true"';
  if (state !== 'restored' || !object.restored) return undefined;
  const expires = new Date(object.restored.expires).toUTCString();
  return `ongoing-request="false", expiry-date="${expires}"`;
}

/** Returns whether a request would begin a restore. */
export function isFrozen(object: Archived, now: number): boolean {
  return stateOf(object, now) === 'frozen';
}

function stateOf({ restored }: Archived, now: number): 'frozen' | 'restoring' | 'restored' {
  if (!restored || now >= restored.expires) return 'frozen';
  return now < restored.ready ? 'restoring' : 'restored';
}
