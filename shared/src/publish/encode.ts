import { AppError } from '../errors/errors.ts';
import { checkTag } from '../smq/check.ts';
import {
  attributesXml,
  bodyBytes,
  checkSize,
  LARGEST_BODY,
  messageXml,
  userPropertiesXml,
} from '../smq/message.ts';
import type { PublishOptions, SendOptions } from '../smq/types.ts';

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
  return bodyBytes(body) > LARGEST_BODY;
}

/** Throws what SMQ would refuse of one message, before it takes others of its batch along. */
export function check(body: string, options: SendOptions & PublishOptions): void {
  checkSize('Message body', bodyBytes(body));
  checkTag(options.tag);
  attributesXml(options.attributes);
  userPropertiesXml(options.userProperties);
  messageXml('', options);
}
