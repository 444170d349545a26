import { outOfRange, SmqError } from './errors.ts';
import {
  MAX_GROUP_ID_CHARACTERS,
  MAX_PROPERTIES,
  MAX_PROPERTY_NAME_CHARACTERS,
  MAX_PROPERTY_VALUE_CHARACTERS,
} from './limits.ts';

export const PROPERTY_TYPES = ['STRING', 'NUMBER', 'BOOLEAN', 'BINARY'] as const;

export interface Property {
  name: string;
  value: string;
  type: (typeof PROPERTY_TYPES)[number];
}

/** Data, besides the body, that messages to queues and topics can carry. */
export interface Extras {
  userProperties?: Property[] | undefined;
  /** Always of type STRING, the only type that the official Java SDK has for them. */
  systemProperties?: Property[] | undefined;
  /** Messages with the same group are received in order of arrival, one at a time. */
  groupId?: string | undefined;
}

/** Letters, digits, `_`, `-` and `.`; a dot is neither first nor last nor next to another. */
const NAME = /^[\w-]+(?:\.[\w-]+)*$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Throws InvalidArgument for properties (page message-properties) or a group out of bounds. */
export function checkExtras({ userProperties, systemProperties, groupId }: Extras): void {
  if (userProperties) checkProperties('UserProperties', userProperties);
  if (systemProperties) {
    checkProperties('SystemProperties', systemProperties);
    if (systemProperties.some(({ type }) => type !== 'STRING'))
      throw invalid('The Type of each of the SystemProperties should be STRING.');
  }
  if (groupId !== undefined) checkLength('MessageGroupId', groupId, 1, MAX_GROUP_ID_CHARACTERS);
}

function checkProperties(element: string, properties: readonly Property[]): void {
  if (properties.length > MAX_PROPERTIES)
    throw outOfRange(`${element} count`, { min: 0, max: MAX_PROPERTIES });
  const names = new Set<string>();
  for (const property of properties) {
    checkProperty(element, property);
    names.add(property.name);
  }
  if (names.size < properties.length) throw invalid(`The names in ${element} should be unique.`);
}

/** Checks a property. A number is accepted unparsed, as in the service. */
function checkProperty(element: string, { name, value, type }: Property): void {
  checkLength(`a Name in ${element}`, name, 1, MAX_PROPERTY_NAME_CHARACTERS);
  if (!NAME.test(name))
    throw invalid(
      `The Name "${name}" in ${element} should contain only letters, digits, "_", "-" and ".", a "." neither first nor last nor next to another.`,
    );
  checkLength(`the Value of "${name}" in ${element}`, value, 0, MAX_PROPERTY_VALUE_CHARACTERS);
  if (type === 'BOOLEAN' && value !== 'true' && value !== 'false')
    throw invalid(`The Value of "${name}" in ${element} should be true or false.`);
  if (type === 'BINARY' && !BASE64.test(value))
    throw invalid(`The Value of "${name}" in ${element} should be encoded in Base64.`);
}

function checkLength(element: string, text: string, min: number, max: number): void {
  const length = text.length > max ? [...text].length : text.length;
  if (length < min || length > max)
    throw invalid(`The length of ${element} should between ${min} and ${max}.`);
}

function invalid(message: string): SmqError {
  return new SmqError('InvalidArgument', message);
}
