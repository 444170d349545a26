interface Schema {
  [keyword: string]: unknown;
}

export interface Mismatch {
  /** `triggers.0.triggerConfig`; empty for the value itself. */
  path: string;
  message: string;
}

/**
 * Holds a value against the part of JSON schema draft 07 that schemas of deploy components use:
 * types, enums, limits, lengths, patterns, properties, items, $ref within the document, allOf,
 * anyOf, oneOf, not, and if with then and else. Other keywords are passed over.
 */
export function mismatches(document: unknown, value: unknown): Mismatch[] {
  const root = asSchema(document) ?? {};
  const check = (schema: unknown, one: unknown, path: string): Mismatch[] => {
    const own = asSchema(schema);
    if (!own) return schema === false ? [{ path, message: 'is not allowed here' }] : [];
    return [
      ...referred(own, one, path),
      ...typed(own, one, path),
      ...limited(own, one, path),
      ...combined(own, one, path),
      ...(Array.isArray(one) ? one.flatMap((item, i) => check(own.items, item, at(path, i))) : []),
      ...(asSchema(one) && !Array.isArray(one) ? fields(own, asSchema(one) ?? {}, path) : []),
    ];
  };
  const holds = (schema: unknown, one: unknown) => check(schema, one, '').length === 0;

  const referred = ({ $ref }: Schema, one: unknown, path: string): Mismatch[] => {
    if (typeof $ref !== 'string') return [];
    const keys = $ref.replace(/^#\/?/, '').split('/').filter(Boolean);
    return check(
      keys.reduce<unknown>((node, key) => asSchema(node)?.[key], root),
      one,
      path,
    );
  };

  const combined = (schema: Schema, one: unknown, path: string): Mismatch[] => {
    const found = list(schema.allOf).flatMap((part) => check(part, one, path));
    const ways = list(schema.anyOf ?? schema.oneOf);
    if (ways.length > 0 && !ways.some((way) => holds(way, one)))
      found.push(
        ...(ways.length === 1
          ? check(ways[0], one, path)
          : [{ path, message: 'fits none of the forms it may have' }]),
      );
    if (schema.not !== undefined && holds(schema.not, one))
      found.push({ path, message: 'has a form it must not have' });
    if (schema.if !== undefined)
      found.push(...check(holds(schema.if, one) ? schema.then : schema.else, one, path));
    return found;
  };

  const fields = (schema: Schema, one: Schema, path: string): Mismatch[] => {
    const properties = asSchema(schema.properties) ?? {};
    const missing = list(schema.required)
      .filter((key) => !(String(key) in one))
      .map((key) => ({ path, message: `lacks ${key}` }));
    const values = Object.entries(one).flatMap(([key, field]) =>
      check(
        Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties,
        field,
        at(path, key),
      ),
    );
    return [...missing, ...values];
  };

  return check(root, value, '');
}

function typed({ type, ...schema }: Schema, value: unknown, path: string): Mismatch[] {
  const types = type === undefined ? [] : list(type).length > 0 ? list(type) : [type];
  if (types.length > 0 && !types.some((one) => isOfType(value, one)))
    return [{ path, message: `is ${shown(value)}, and wants ${types.join(' or ')}` }];
  const allowed = 'const' in schema ? [schema.const] : list(schema.enum);
  if (allowed.length === 0 || allowed.includes(value)) return [];
  return [{ path, message: `is ${shown(value)}, and wants one of ${allowed.join(', ')}` }];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return asSchema(value) !== undefined && !Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  return type === (value === null ? 'null' : typeof value);
}

function limited(schema: Schema, value: unknown, path: string): Mismatch[] {
  const size = typeof value === 'string' ? [...value].length : value;
  const [least, most] =
    typeof value === 'string'
      ? [schema.minLength, schema.maxLength]
      : [schema.minimum, schema.maximum];
  const found: Mismatch[] = [];
  if (typeof size === 'number' && typeof least === 'number' && size < least)
    found.push({ path, message: `is under ${least}` });
  if (typeof size === 'number' && typeof most === 'number' && size > most)
    found.push({ path, message: `is over ${most}` });
  if (typeof value === 'string' && typeof schema.pattern === 'string')
    if (!new RegExp(schema.pattern).test(value))
      found.push({ path, message: `does not match ${schema.pattern}` });
  return found;
}

function asSchema(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null ? (value as Schema) : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function at(path: string, key: string | number): string {
  return path ? `${path}.${key}` : String(key);
}
