import type { Fields } from './fields.ts';

/** The role's name, of an ARN or as it is. Throws for what is neither. */
export function roleName(fields: Fields, key: string, role: string): string {
  const name = /^acs:ram::[^:]*:role\/(?:[^/]+\/)*([^/]+)$/i.exec(role)?.[1] ?? role;
  if (/^[\w.-]+$/.test(name)) return name;
  throw fields.fault(key, `is "${role}"`, 'write acs:ram::<account>:role/<name>');
}
