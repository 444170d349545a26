import type { XmlFields } from '../xml/write.ts';
import type { Extras } from './properties.ts';

/** What each of the properties under that element is called. */
export const PROPERTY_ELEMENTS = {
  UserProperties: 'PropertyValue',
  SystemProperties: 'SystemPropertyValue',
} as const;

/** What the element of that name holds for a message's properties; undefined, so that it is left out, for one that has none. */
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
