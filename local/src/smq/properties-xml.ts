import type { XmlFields } from '../xml/write.ts';
import type { Extras, Property } from './properties.ts';

/** What each of the properties under that element is called. */
export const PROPERTY_ELEMENTS = {
  UserProperties: 'PropertyValue',
  SystemProperties: 'SystemPropertyValue',
} as const;

/** The elements of a message's properties; those of one that has none are left out. */
export function propertyElements({ systemProperties, userProperties }: Extras): XmlFields {
  return {
    SystemProperties: listElements('SystemProperties', systemProperties),
    UserProperties: listElements('UserProperties', userProperties),
  };
}

function listElements(
  name: keyof typeof PROPERTY_ELEMENTS,
  properties: Property[] | undefined,
): XmlFields | undefined {
  if (!properties || properties.length === 0) return undefined;
  const values = properties.map(({ name, value, type }) => ({
    Name: name,
    Value: value,
    Type: type,
  }));
  return { [PROPERTY_ELEMENTS[name]]: values };
}
