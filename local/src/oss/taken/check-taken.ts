import { fromBytes } from '../bytes.ts';
import { notImplemented } from '../errors.ts';
import type { OssRequest } from '../request.ts';
import { SUB_RESOURCES } from './sub-resources.ts';
import { FORM_FIELDS, OF_A_VERSION, OF_ALL, TAKEN } from './taken.ts';

/** How an operation was selected. */
export interface Choice {
  /** Method, level and sub-resources. */
  name: string;
  /** The parameters that selected it. */
  chosenBy: readonly string[];
}

/** Names that an operation accepts; `prefixes` end in `-`. */
interface Names {
  exact: ReadonlySet<string>;
  prefixes: readonly string[];
}

const PARAMETERS = readColumn('parameters');
const HEADERS = readColumn('headers');
const FIELDS = readNames(FORM_FIELDS);
const NONE = { parameters: readNames(OF_ALL.parameters), headers: readNames(OF_ALL.headers) };

/**
 * Conditions of reads; a write or a deletion that ignores one destroys what it was meant to keep.
 */
const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

/**
 * Throws NotImplemented for anything in the request that its operation does not implement: without
 * it, it would be another request; and InvalidArgument for a payer other than the requester. A
 * parameter with a value that is no OSS parameter at all is ignored, as in OSS; so is everything in
 * a preflight, which is judged by its CORS headers.
 */
export function checkTaken(
  { name, chosenBy }: Choice,
  { method, query, headers }: OssRequest,
): void {
  if (method === 'OPTIONS') return;
  const parameters = PARAMETERS.get(name) ?? NONE.parameters;
  for (const { name: parameter, value } of query.all) {
    if (chosenBy.includes(parameter) || takes(parameters, parameter)) continue;
    if (parameter === 'versionId' && value === 'null' && OF_A_VERSION.has(name)) continue;
    if (!value || SUB_RESOURCES.has(parameter) || parameter.toLowerCase().startsWith('x-oss-'))
      throw notImplemented(`the parameter "${fromBytes(parameter)}" of ${name}`);
  }
  headers.oneOf('x-oss-request-payer', ['requester']);
  const taken = HEADERS.get(name) ?? NONE.headers;
  if (method !== 'GET' && method !== 'HEAD')
    for (const header of CONDITIONS)
      if (headers.get(header) !== undefined)
        throw notImplemented(`the header ${header} of ${name}`);
  for (const header of Object.keys(headers.all))
    if (isOwnHeader(header) && !takes(taken, header))
      throw notImplemented(`the header ${header} of ${name}`);
}

/** Throws NotImplemented for a form field that asks for something not implemented. */
export function checkFields(names: Iterable<string>): void {
  for (const name of names)
    if (isOwnHeader(name) && !takes(FIELDS, name))
      throw notImplemented(`the field ${name} of a form`);
}

/** Returns whether a header is OSS's own, or one of S3's, which some clients send to OSS. */
function isOwnHeader(name: string): boolean {
  return name.startsWith('x-oss-') || name.startsWith('x-amz-');
}

function takes({ exact, prefixes }: Names, name: string): boolean {
  return exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

function readColumn(column: 'parameters' | 'headers'): ReadonlyMap<string, Names> {
  return new Map(
    Object.entries(TAKEN).map(([name, taken]) => [
      name,
      readNames(`${OF_ALL[column]} ${taken[column] ?? ''}`),
    ]),
  );
}

function readNames(text: string): Names {
  const names = text.split(/\s+/).filter((name) => name !== '');
  return {
    exact: new Set(names.filter((name) => !name.endsWith('-'))),
    prefixes: names.filter((name) => name.endsWith('-')),
  };
}
