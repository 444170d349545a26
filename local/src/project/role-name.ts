import type { Fields } from './fields.ts';

/** The role's name, of an ARN or as it is. Throws for what the deploy tool would make another role of. */
export function roleName(fields: Fields, key: string, role: string): string {
  const name = /^acs:ram::[^:]*:role\/([^/]+)$/.exec(role)?.[1] ?? role;
  if (!/^[\w.-]+$/.test(name))
    throw fields.fault(key, `is "${role}"`, 'write acs:ram::<account>:role/<name>');
  if (name !== name.toLowerCase())
    throw fields.fault(
      key,
      `is "${role}", which the deploy tool puts into lower case`,
      "use lower case only in the role's name",
    );
  return name;
}
