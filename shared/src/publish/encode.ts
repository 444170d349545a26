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

/** The text of a payload: a string as it is, anything else as JSON. */
export function encode(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  const text: string | undefined = JSON.stringify(payload);
  if (text !== undefined) return text;
  throw new AppError(`Payload is ${typeof payload}, which JSON cannot hold`, {
    code: 'InvalidPayload',
    remedy: 'give an object, an array, a string, a number, a boolean or null',
  });
}

/** Whether a body is over SMQ's limit as it goes over the wire: escaped, in UTF-8. Throws an InvalidInputError for a character that XML cannot carry. */
export function isTooLarge(body: string): boolean {
  return bodyBytes(body) > MAX_BODY_BYTES;
}

/** Throws what SMQ would refuse of a message, before anything is sent or stored for it. */
export function checkMessage(body: string, options: PublishOptions): void {
  checkSize('Message body', bodyBytes(body));
  checkTag(options.tag);
  attributesXml(options.attributes);
  userPropertiesXml(options.userProperties);
  groupXml(options.messageGroupId);
}
