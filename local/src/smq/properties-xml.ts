import type { XmlFields } from '../xml/write.ts';
import type { Extras } from './properties.ts';

/** Name of a single property's element, by that of the list. */
export const PROPERTY_ELEMENTS = {
  UserProperties: 'PropertyValue',
  SystemProperties: 'SystemPropertyValue',
} as const;

/**
 * Returns the content of that element for a message's properties; undefined, so that it is left
 * out, for a message without any.
 */
export function propertyElements(
  name: keyof typeof PROPERTY_ELEMENTS,
  { systemProperties, userProperties }: Extras,
): XmlFields | undefined {
  const properties = name === 'SystemProperties' ? systemProperties : userProperties;
  if (!properties || properties.length === 0) return undefined;
  const values = properties.map(({ name, value, type }) => ({
    Name: name,
    Value: value,
    Type: type,
  }));
  return { [PROPERTY_ELEMENTS[name]]: values };
}
