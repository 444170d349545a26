import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { LocalCloudError } from '../../errors.ts';
import {
  type End,
  FORMAT,
  type Head,
  MAX_LINE_BYTES,
  type StateRecord,
  VERSION,
} from './format.ts';
import { isTime, SHAPES } from './shapes.ts';

/** Returns the error for a file that cannot be imported; nothing of it has been. */
export function refused(message: string, cause?: unknown): LocalCloudError {
  return new LocalCloudError(
    'StateFile',
    `This file cannot be imported: ${message}`,
    'give a file as fc-local export has written it',
    { cause },
  );
}

/**
 * Reads a file to its end, and returns its head and end once all of it is verified. Throws
 * LocalCloudError for another kind of file, another version, and one that is damaged, cut off or
 * changed.
 */
export async function checkFile(path: string): Promise<{ head: Head; end: End }> {
  const hash = createHash('sha256');
  let head: Head | undefined;
  let end: End | undefined;
  let count = 0;
  for await (const line of linesOf(path)) {
    if (end) throw refused('something follows its last line');
    const record = parse(line, count + 1);
    if (count === 0) head = readHead(record);
    if (record.kind === 'end') {
      if (typeof record.hidden !== 'number') throw refused('its last line is damaged');
      end = record as unknown as End;
      continue;
    }
    if (count > 0) checkRecord(record, count + 1);
    hash.update(line).update('\n');
    count++;
  }
  if (!head) throw refused('it is empty');
  if (!end) throw refused(`it ends after line ${count}, without its last line`);
  if (end.lines !== count || end.sha256 !== hash.digest('hex'))
    throw refused('it was changed or damaged after it was written: its checksum differs');
  return { head, end };
}

/** Yields the records of a verified file. */
export async function* recordsOf(path: string): AsyncGenerator<StateRecord> {
  let first = true;
  for await (const line of linesOf(path)) {
    const record = JSON.parse(line.toString());
    if (!first && record.kind !== 'end') yield record;
    first = false;
  }
}

function readHead(record: Record<string, unknown>): Head {
  const { format, version, exportedAt } = record;
  if (format !== FORMAT) throw refused('it is no state of a local cloud');
  if (version !== VERSION)
    throw refused(
      `it is of version ${JSON.stringify(version)}, and this fc-local reads ${VERSION}`,
    );
  if (!isTime(exportedAt)) throw refused('its first line has no time');
  return record as unknown as Head;
}

function parse(line: Buffer, number: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line.toString());
  } catch (cause) {
    throw refused(
      number === 1 ? 'it is no state of a local cloud' : `line ${number} is no JSON`,
      cause,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw refused(number === 1 ? 'it is no state of a local cloud' : `line ${number} is no record`);
}

/** What it has that is not named here is left alone. */
function checkRecord(record: Record<string, unknown>, line: number): void {
  const kind = String(record.kind);
  if (!Object.hasOwn(SHAPES, kind)) throw refused(`line ${line} is of no kind that is known`);
  for (const [name, fits] of Object.entries(SHAPES[kind as StateRecord['kind']])) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (fits(value)) continue;
    throw refused(
      value === undefined
        ? `line ${line}, a ${kind}, has no ${name}`
        : `line ${line}, a ${kind}, has a ${name} that cannot be one`,
    );
  }
}

async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let at = rest.indexOf(10); at !== -1; at = rest.indexOf(10, start)) {
      yield rest.subarray(start, at);
      start = at + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > MAX_LINE_BYTES)
      throw refused(`a line is longer than ${MAX_LINE_BYTES} bytes`);
  }
  if (rest.length > 0) yield rest;
}
