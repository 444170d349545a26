import { isAscii } from 'node:buffer';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { cut } from '../errors/cut.ts';
import { InvalidInputError, type Issue } from '../errors/errors.ts';
import { isTooDeep, MAX_JSON_DEPTH } from './depth.ts';

/** A schema of any library that supports Standard Schema: zod, valibot, arktype and others. */
export type Schema<Output = unknown> = StandardSchemaV1<unknown, Output>;

/** A log line holds 32 KB, and a body of 1 MB can have a hundred thousand faults. */
const MAX_ISSUES = 20;
/** Maximum characters of one issue's path, and of its message. */
const MAX_ISSUE_LENGTH = 300;

/**
 * Checks `value` and returns the schema's output. Throws an InvalidInputError (`InvalidValue`) with its
 * first 20 issues. `what` names the value in the message: "Order", "Event".
 */
export async function validate<Output>(
  schema: Schema<Output>,
  value: unknown,
  what: string,
): Promise<Output> {
  const result = await schema['~standard'].validate(value);
  if (!result.issues) return result.value;
  const issues = result.issues.slice(0, MAX_ISSUES).map(toIssue);
  const more = result.issues.length - issues.length;
  const named = [...issues.map(describe), ...(more > 0 ? [`and ${more} more`] : [])];
  throw new InvalidInputError(`${what} is not valid (${named.join('; ')})`, {
    code: 'InvalidValue',
    issues,
  });
}

/**
 * Parses UTF-8 JSON, skipping a byte order mark before it. Throws an InvalidInputError: `InvalidUtf8`,
 * `InvalidJson`, or `JsonTooDeep` for arrays and objects nested more than 100 deep.
 */
export function parseJson(bytes: Uint8Array | string, what: string): unknown {
  const text = withoutMark(typeof bytes === 'string' ? bytes : decodeUtf8(bytes, what));
  if (isTooDeep(text))
    throw new InvalidInputError(`${what} has JSON nested more than ${MAX_JSON_DEPTH} deep`, {
      code: 'JsonTooDeep',
      remedy: 'send flatter values, or the inner ones as text',
    });
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes the text, which may be anything: it stays in the cause.
    throw new InvalidInputError(`${what} is not JSON`, { code: 'InvalidJson', cause });
  }
}

/**
 * Removes a byte order mark, which some editors and SDKs put before their JSON. TextDecoder drops it; a
 * string still has it.
 */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Uint8Array, what: string): string {
  // Most texts are, and a decoder for all takes several times as long.
  if (Buffer.isBuffer(bytes) && isAscii(bytes)) return bytes.toString('latin1');
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new InvalidInputError(`${what} is not UTF-8 text`, { code: 'InvalidUtf8', cause });
  }
}

function toIssue({ message, path = [] }: StandardSchemaV1.Issue): Issue {
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
  const joined = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return {
    path: cut(joined.join('').replace(/^\./, ''), MAX_ISSUE_LENGTH),
    message: cut(message, MAX_ISSUE_LENGTH),
  };
}

function describe({ path, message }: Issue): string {
  return path ? `${path}: ${message}` : message;
}
