import type { Fields } from './fields.ts';

/** Returns the role's name, from an ARN or a plain name. Throws for anything else. */
export function roleName(fields: Fields, key: string, role: string): string {
  const name = /^acs:ram::[^:]*:role\/(?:[^/]+\/)*([^/]+)$/i.exec(role)?.[1] ?? role;
  if (/^[\w.-]+$/.test(name)) return name;
  throw fields.fault(key, `is "${role}"`, 'write acs:ram::<account>:role/<name>');
}
