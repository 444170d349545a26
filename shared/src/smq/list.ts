import { AppError } from '../errors/errors.ts';
import { parseNames } from './attributes.ts';
import { checkRange } from './check.ts';
import type { Call, Connection } from './connection.ts';
import { MAX_PAGE } from './limits.ts';
import type { ListOptions, NamePage } from './types.ts';

/** Returns one page of names, by a GET whose options are headers. */
export async function listNames(
  connection: Connection,
  kind: 'Queue' | 'Topic' | 'Subscription',
  call: Pick<Call, 'name' | 'target' | 'path'>,
  { prefix, max, marker }: ListOptions,
): Promise<NamePage> {
  const headers: Record<string, string> = {};
  if (prefix) headers['x-mns-prefix'] = checkHeader('prefix', prefix);
  if (marker) headers['x-mns-marker'] = checkHeader('marker', marker);
  const size = checkRange('max', max, 1, MAX_PAGE);
  if (size !== undefined) headers['x-mns-ret-number'] = String(size);

  const answer = await connection.call({
    ...call,
    method: 'GET',
    statuses: [200],
    root: `${kind}s`,
    headers,
  });
  return answer.read((list) => parseNames(kind, list));
}

function checkHeader(name: string, value: string): string {
  if (/^[\x20-\x7e]+$/.test(value)) return value;
  throw new AppError(`${name} is ${JSON.stringify(value)}`, {
    code: 'InvalidArgument',
    remedy: 'use printable ASCII',
  });
}
