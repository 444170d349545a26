import { InvalidInputError } from '../../errors/errors.ts';
import type { UploadCheckpoint, UploadedPart } from './types.ts';

/**
 * Checks a checkpoint that was stored elsewhere, perhaps as JSON. Throws an InvalidInputError
 * (`InvalidCheckpoint`).
 */
export function checkCheckpoint(checkpoint: unknown, bucket: string, key: string): void {
  const given = record<UploadCheckpoint>(checkpoint);
  const own = given.bucket === bucket && given.key === key;
  const parts = Array.isArray(given.parts) ? given.parts : [undefined];
  if (own && isText(given.uploadId) && isCount(given.partSize) && parts.every(isPart)) return;
  throw new InvalidInputError(
    own
      ? `Checkpoint of object "${key}" is not whole`
      : `Checkpoint is of object "${given.key}" in bucket "${given.bucket}", the upload of "${key}" in "${bucket}"`,
    { code: 'InvalidCheckpoint', remedy: 'begin the upload again, without it' },
  );
}

/** Returns the parts of a checkpoint that follow one another from the first, all of full size. */
export function keptParts({ parts, partSize }: UploadCheckpoint): UploadedPart[] {
  const byNumber = new Map(parts.map((part) => [part.number, part]));
  const kept: UploadedPart[] = [];
  for (let part = byNumber.get(1); part?.size === partSize; part = byNumber.get(kept.length + 1))
    kept.push(part);
  return kept;
}

function record<Value>(value: unknown): Partial<Record<keyof Value, unknown>> {
  return typeof value === 'object' && value !== null ? value : {};
}

function isPart(value: unknown): boolean {
  const { number, size, eTag, crc64 } = record<UploadedPart>(value);
  return (
    isCount(number) &&
    isCount(size) &&
    typeof eTag === 'string' &&
    /^[\w-]+$/.test(eTag) &&
    typeof crc64 === 'string' &&
    /^\d{1,20}$/.test(crc64)
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
