import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidInputError, type Issue } from '../errors/errors.ts';

/** Any schema library that speaks Standard Schema: zod, valibot, arktype and others. */
export type Schema<Output = unknown> = StandardSchemaV1<unknown, Output>;

/** A log line holds 32 KB, and a body of 1 MB can have a hundred thousand things wrong with it. */
const MAX_ISSUES = 20;
const MAX_MESSAGE_LENGTH = 300; // characters

/** Checks `value`; gives the schema's output or throws an InvalidInputError (`InvalidValue`) with its first 20 issues. `what` names the value in the message: "Order", "Event". */
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

/** Parses UTF-8 JSON. Throws an InvalidInputError: `InvalidUtf8` or `InvalidJson`. */
export function parseJson(bytes: Uint8Array | string, what: string): unknown {
  const text = typeof bytes === 'string' ? bytes : decodeUtf8(bytes, what);
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's own message quotes the text, which may be anything: it stays in the cause.
    throw new InvalidInputError(`${what} is not JSON`, { code: 'InvalidJson', cause });
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(bytes: Uint8Array, what: string): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new InvalidInputError(`${what} is not UTF-8 text`, { code: 'InvalidUtf8', cause });
  }
}

function toIssue({ message, path = [] }: StandardSchemaV1.Issue): Issue {
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
  const joined = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return { path: joined.join('').replace(/^\./, ''), message: shortened(message) };
}

function shortened(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH
    ? message
    : `${message.slice(0, MAX_MESSAGE_LENGTH)}…`;
}

function describe({ path, message }: Issue): string {
  return path ? `${path}: ${message}` : message;
}
