import { AppError } from '../errors/errors.ts';
import { checkTag } from '../smq/check.ts';
import { MAX_BODY_BYTES } from '../smq/limits.ts';
import {
  attributesXml,
  bodyBytes,
  checkSize,
  groupXml,
  userPropertiesXml,
} from '../smq/message.ts';
import type { PublishOptions } from '../smq/types.ts';

/** Returns the text of a payload: a string unchanged, anything else as JSON. */
export function encode(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  const text: string | undefined = JSON.stringify(payload);
  if (text !== undefined) return text;
  throw new AppError(`Payload is ${typeof payload}, which JSON cannot hold`, {
    code: 'InvalidPayload',
    remedy: 'give an object, an array, a string, a number, a boolean or null',
  });
}

/**
 * Returns whether a body exceeds SMQ's limit in the form it is sent: escaped, in UTF-8. Throws an
 * InvalidInputError for a character that XML cannot carry.
 */
export function isTooLarge(body: string): boolean {
  return bodyBytes(body) > MAX_BODY_BYTES;
}

/** Throws for a message that SMQ would refuse, before anything is sent or stored for it. */
export function checkMessage(body: string, options: PublishOptions): void {
  checkSize('Message body', bodyBytes(body));
  checkTag(options.tag);
  attributesXml(options.attributes);
  userPropertiesXml(options.userProperties);
  groupXml(options.messageGroupId);
}
