import { InvalidInputError } from '../../errors/errors.ts';
import * as z from '../../schema/index.ts';
import { checkKey } from '../bucket/check.ts';
import type { Selection } from './objects.ts';

/** A request for an archive. */
export interface ArchiveOrder extends Selection {
  /** Key of the zip. */
  output: string;
}

/** The next run of an archive that has begun. */
export interface ArchiveRun {
  /** The archive's id, which names its checkpoints. */
  archive: string;
  /** Number of the run; the first is 1. */
  run: number;
}

export type ArchiveEvent = ArchiveOrder | ArchiveRun;

const key = z.string().check(z.minLength(1), z.maxLength(1023));

const Order = z.strictObject({
  prefix: z.optional(z.string().check(z.maxLength(1023))),
  keys: z.optional(z.array(key).check(z.minLength(1))),
  output: key,
});
const Run = z.strictObject({
  archive: z.string().check(z.regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits')),
  run: z.int().check(z.gte(2)),
});

/**
 * Parses the event of an asynchronous invocation: `{"prefix" | "keys", "output"}`, or what one run passes
 * to the next. Throws an InvalidInputError (`InvalidArchiveEvent`).
 */
export function parseArchiveEvent(event: Buffer): ArchiveEvent {
  let value: unknown;
  try {
    value = JSON.parse(event.toString());
  } catch (cause) {
    throw invalid('Event is not JSON', { cause });
  }
  const parsed = z.union([Order, Run]).safeParse(value);
  if (!parsed.success) throw invalid('Event is not a request for an archive');
  const found = parsed.data;
  if ('output' in found && (found.prefix === undefined) === (found.keys === undefined))
    throw invalid(
      `Event has ${found.keys ? 'both' : 'neither'} prefix ${found.keys ? 'and' : 'nor'} keys`,
    );
  return found;
}

/**
 * Checks that an order keeps within its prefixes: what is read begins with `inputPrefix`, what is written
 * with `outputPrefix`, and the zip is never among the objects it holds. Throws an InvalidInputError
 * (`KeyNotAllowed`, `OutputLoops`, `InvalidObjectKey`).
 */
export function checkOrder(
  { prefix, keys, output }: ArchiveOrder,
  { inputPrefix, outputPrefix }: { inputPrefix: string; outputPrefix: string },
): void {
  checkKey(output);
  for (const one of keys ?? []) checkKey(one);
  const outside = [prefix ?? '', ...(keys ?? [])]
    .slice(keys ? 1 : 0)
    .find((one) => !one.startsWith(inputPrefix));
  if (outside !== undefined) throw notAllowed(outside, inputPrefix);
  if (!output.startsWith(outputPrefix) || output === outputPrefix)
    throw notAllowed(output, outputPrefix);
  if (keys?.includes(output) || (prefix !== undefined && output.startsWith(prefix)))
    throw new InvalidInputError(`Output "${output}" is among what it would hold`, {
      code: 'OutputLoops',
      remedy: 'name an output that the prefix does not begin',
    });
}

function notAllowed(key: string, prefix: string): InvalidInputError {
  return new InvalidInputError(`"${key}" does not begin with "${prefix}"`, {
    code: 'KeyNotAllowed',
    remedy: 'keep to the prefixes that the function may read and write',
  });
}

function invalid(message: string, options: ErrorOptions = {}): InvalidInputError {
  return new InvalidInputError(message, {
    ...options,
    code: 'InvalidArchiveEvent',
    remedy: 'give {"prefix": "…", "output": "….zip"} or {"keys": ["…"], "output": "….zip"}',
  });
}
