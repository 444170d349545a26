import { fromBytes, fromValidBytes } from '../bytes.ts';
import { OssError } from '../errors.ts';

/**
 * The conditions of a signed form: its expiry, the allowed values of its fields, and the allowed
 * sizes of its file.
 */
export interface PostPolicy {
  /** Milliseconds since the epoch. */
  expiration: number;
  conditions: Condition[];
  /** Bytes; the intersection of all ranges. */
  size: SizeRange;
}

export interface SizeRange {
  min: number;
  max: number;
}

interface Condition {
  /** Lower case, without `$`. */
  field: string;
  /**
   * Whether a form without the field is refused: true for every mode except not-in, for which the
   * page does not state it.
   */
  isRequired: boolean;
  holds(value: string): boolean;
  /** The condition's text in the policy, for the answer. */
  text: string;
}

/**
 * Reads the field `policy`. Throws InvalidPolicyDocument with the EC number that OSS gives the
 * error.
 */
export function parsePostPolicy(base64: string): PostPolicy {
  const document = decode(base64);
  if (!isMap(document)) throw invalid('0006-00000201', 'give a map in JSON, in Base64');
  const other = Object.keys(document).find((key) => key !== 'expiration' && key !== 'conditions');
  if (other !== undefined)
    throw invalid('0006-00000206', `"${other}" is unknown: give expiration and conditions`);
  const { expiration, conditions } = document;
  if (expiration === undefined && conditions === undefined)
    throw invalid('0006-00000209', 'give expiration and conditions');
  if (conditions === undefined) throw invalid('0006-00000207', 'give conditions');
  const policy: PostPolicy = {
    expiration: readExpiration(expiration),
    conditions: [],
    size: { min: 0, max: Number.POSITIVE_INFINITY },
  };
  if (!Array.isArray(conditions)) throw invalid('0006-00000214', 'conditions is no list');
  for (const condition of conditions) readCondition(condition, policy);
  return policy;
}

/**
 * Throws AccessDenied when the policy has expired or a condition is not met. `valueIn` returns the
 * bytes of a field, undefined when the form has none: its condition fails even if it allows an
 * empty value (page 0006-00000226).
 */
export function checkPostPolicy(
  { expiration, conditions }: PostPolicy,
  now: number,
  valueIn: (field: string) => string | undefined,
): void {
  if (now > expiration)
    throw new OssError('AccessDenied', {
      message: 'Invalid according to Policy: Policy expired.',
      ec: '0006-00000213',
    });
  for (const { field, isRequired, holds, text } of conditions) {
    const value = valueIn(field);
    const isMissing = isRequired && value === undefined;
    if (isMissing || !holds(fromBytes(value ?? '')))
      throw new OssError('AccessDenied', {
        message: `Invalid according to Policy: Policy Condition failed: ${text}`,
        ec: isMissing ? '0006-00000226' : '0006-00000227',
      });
  }
}

function decode(base64: string): unknown {
  const text = /^[A-Za-z0-9+/]+={0,2}$/.test(base64)
    ? fromValidBytes(Buffer.from(base64, 'base64'))
    : undefined;
  try {
    return JSON.parse(text ?? '');
  } catch (cause) {
    throw invalid('0006-00000201', 'give a map in JSON, in Base64', cause);
  }
}

function readExpiration(value: unknown): number {
  if (value === undefined) throw invalid('0006-00000208', 'give expiration');
  const wanted = 'give expiration as in 2026-01-31T09:00:00.000Z';
  if (typeof value !== 'string') throw invalid('0006-00000210', wanted);
  if (value === '') throw invalid('0006-00000211', wanted);
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value)
    ? Date.parse(value)
    : Number.NaN;
  if (Number.isNaN(time)) throw invalid('0006-00000212', wanted);
  return time;
}

function readCondition(condition: unknown, policy: PostPolicy): void {
  const text = JSON.stringify(condition);
  if (Array.isArray(condition)) {
    const [mode, ...rest] = condition as unknown[];
    if (mode === 'content-length-range') narrow(policy.size, rest, text);
    else policy.conditions.push(readMatch(mode, rest, text));
  } else if (isMap(condition)) {
    for (const [field, value] of Object.entries(condition))
      policy.conditions.push(readMatch('eq', [field, value], text));
  } else {
    throw invalid('0006-00000222', `${text} is neither a map nor a list`);
  }
}

function narrow(size: SizeRange, [min, max, ...more]: unknown[], text: string): void {
  const isLength = (value: unknown): value is number => Number.isSafeInteger(value);
  if (!isLength(min) || !isLength(max) || min < 0 || more.length > 0)
    throw invalid('0006-00000221', `${text}: give two whole numbers`);
  if (max < min) throw invalid('0006-00000219', `${text}: give the smaller number first`);
  size.min = Math.max(size.min, min);
  size.max = Math.min(size.max, max);
}

function readMatch(mode: unknown, operands: unknown[], text: string): Condition {
  const [name, wanted] = operands;
  if (typeof name !== 'string' || name === '' || operands.length !== 2)
    throw invalid('0006-00000216', `${text}: give [mode, field, value]`);
  const field = name.replace(/^\$/, '').toLowerCase();
  if (mode === 'eq' || mode === 'starts-with') {
    if (typeof wanted !== 'string') throw invalid('0006-00000224', `${text}: the value is no text`);
    const holds =
      mode === 'eq'
        ? (value: string) => value === wanted
        : (value: string) => value.startsWith(wanted);
    return { field, isRequired: true, holds, text };
  }
  if (mode === 'in' || mode === 'not-in') {
    if (!Array.isArray(wanted) || !wanted.every((one) => typeof one === 'string'))
      throw invalid('0006-00000224', `${text}: the value is no list of texts`);
    const isRequired = mode === 'in';
    return { field, isRequired, holds: (value) => wanted.includes(value) === isRequired, text };
  }
  throw invalid(
    '0006-00000216',
    `${text}: the mode is none of eq, starts-with, in, not-in, content-length-range`,
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(ec: string, what: string, cause?: unknown): OssError {
  return new OssError('InvalidPolicyDocument', {
    message: `Invalid Policy: ${what}`,
    ec,
    ...(cause === undefined ? {} : { cause }),
  });
}
