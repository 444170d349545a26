import { BlockList, isIP } from 'node:net';
import { invalidPolicy, isRecord, toList } from './invalid-policy.ts';
import type { OidcClaims } from './oidc/token.ts';
import { matchesWildcard } from './wildcard.ts';

/**
 * Properties of a request that a Condition can test. Each is undefined where the caller does not
 * know it.
 */
export interface ConditionContext {
  sourceIp: string | undefined;
  secureTransport: boolean | undefined;
  /** Milliseconds since the epoch. */
  now: number;
  /** Claims of the verified OIDC token with which a role is assumed. */
  oidc?: Pick<OidcClaims, 'issuer' | 'audiences' | 'subject'>;
}

/** Evaluates to true or false for the request; undefined when the request does not have the key. */
export type Condition = (context: ConditionContext) => boolean | undefined;

type Operators = Record<string, Operator>;
type Operator = (values: unknown[], fault: Fault) => Condition;
type Fault = (what: string, remedy: string) => Error;

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

const IP_OPERATORS: Operators = {
  IpAddress: (values, fault) => inNetworks(values, fault),
  NotIpAddress: (values, fault) => not(inNetworks(values, fault)),
};

const DATE_OPERATORS: Operators = {
  DateEquals: dateOperator((now, value) => now === value),
  DateNotEquals: (values, fault) => not(dateOperator((now, value) => now === value)(values, fault)),
  DateLessThan: dateOperator((now, value) => now < value),
  DateLessThanEquals: dateOperator((now, value) => now <= value),
  DateGreaterThan: dateOperator((now, value) => now > value),
  DateGreaterThanEquals: dateOperator((now, value) => now >= value),
};

const BOOL_OPERATORS: Operators = {
  Bool: (values, fault) => {
    const wanted = values.map((value) => readBoolean(value, fault));
    return ({ secureTransport }) =>
      secureTransport === undefined ? undefined : wanted.includes(secureTransport);
  },
};

export type ConditionKeys = Record<string, Operators>;

/** Keys that a permission policy can test. */
export const REQUEST_KEYS: ConditionKeys = {
  'acs:SourceIp': IP_OPERATORS,
  'acs:SecureTransport': BOOL_OPERATORS,
  'acs:CurrentTime': DATE_OPERATORS,
};

/** Keys that a trust policy can test. */
export const TRUST_KEYS: ConditionKeys = {
  ...REQUEST_KEYS,
  'oidc:iss': stringOperators(({ oidc }) => oidc && [oidc.issuer]),
  'oidc:aud': stringOperators(({ oidc }) => oidc?.audiences),
  'oidc:sub': stringOperators(({ oidc }) => oidc && [oidc.subject]),
};

/**
 * Reads a statement's Condition. Every operator and every key in it must hold; one of a key's
 * several values is enough (for a negated operator: none of them may match). Throws for an operator
 * or key that is not evaluated here.
 */
export function parseConditions(
  value: unknown,
  where: string,
  keysKnown: ConditionKeys,
): Condition[] {
  const fault: Fault = (what, remedy) => invalidPolicy(where, what, remedy);
  if (value === undefined) return [];
  if (!isRecord(value))
    throw fault('Condition is not a map', 'write it as {"<operator>": {"<key>": ["<value>"]}}');
  return Object.entries(value).flatMap(([operator, keys]) => {
    if (!isRecord(keys))
      throw fault(
        `Condition operator "${operator}" holds no map`,
        'write it as {"<operator>": {"<key>": ["<value>"]}}',
      );
    return Object.entries(keys).map(([key, values]) => {
      const operators = Object.hasOwn(keysKnown, key) ? keysKnown[key] : undefined;
      if (!operators)
        throw fault(
          `Condition key "${key}" is not evaluated by the local cloud`,
          `use ${Object.keys(keysKnown).join(', ')}, or narrow the statement by Action and Resource`,
        );
      const make = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
      if (!make)
        throw fault(
          `Condition operator "${operator}" does not go with ${key}`,
          `use ${Object.keys(operators).join(', ')}`,
        );
      const list = toList(values);
      if (list.length === 0) throw fault(`Condition ${key} has no value`, 'give at least one');
      return make(list, (what, remedy) => fault(`Condition ${key}: ${what}`, remedy));
    });
  });
}

function not(condition: Condition): Condition {
  return (context) => {
    const result = condition(context);
    return result === undefined ? undefined : !result;
  };
}

function stringOperators(given: (context: ConditionContext) => readonly string[] | undefined) {
  const operator = (matches: (value: string, text: string) => boolean): Operator => {
    return (values, fault) => {
      const wanted = values.map((value) => readText(value, fault));
      return (context) =>
        given(context)?.some((text) => wanted.some((value) => matches(value, text)));
    };
  };
  const equals = operator((value, text) => value === text);
  const equalsIgnoreCase = operator((value, text) => value.toLowerCase() === text.toLowerCase());
  const like = operator(matchesWildcard);
  return {
    StringEquals: equals,
    StringNotEquals: (values, fault) => not(equals(values, fault)),
    StringEqualsIgnoreCase: equalsIgnoreCase,
    StringNotEqualsIgnoreCase: (values, fault) => not(equalsIgnoreCase(values, fault)),
    StringLike: like,
    StringNotLike: (values, fault) => not(like(values, fault)),
  } satisfies Operators;
}

function readText(value: unknown, fault: Fault): string {
  if (typeof value === 'string' && value !== '') return value;
  throw fault(`${JSON.stringify(value)} is no text`, 'write a string');
}

function dateOperator(holds: (now: number, value: number) => boolean): Operator {
  return (values, fault) => {
    const dates = values.map((value) => readDate(value, fault));
    return ({ now }) => dates.some((date) => holds(now, date));
  };
}

function readDate(value: unknown, fault: Fault): number {
  const time = typeof value === 'string' && DATE.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time))
    throw fault(
      `${JSON.stringify(value)} is no date`,
      'write ISO 8601 with a zone, such as "2030-01-31T17:00:00+08:00", in quotes',
    );
  return time;
}

function readBoolean(value: unknown, fault: Fault): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw fault(`${JSON.stringify(value)} is neither "true" nor "false"`, 'write one of the two');
}

function inNetworks(values: unknown[], fault: Fault): Condition {
  const networks = new BlockList();
  for (const value of values) addNetwork(networks, value, fault);
  return ({ sourceIp }) => {
    if (sourceIp === undefined) return undefined;
    const address = sourceIp.replace(/^::ffff:(?=\d+\.)/i, '');
    const version = isIP(address);
    return version !== 0 && networks.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}

function addNetwork(networks: BlockList, value: unknown, fault: Fault): void {
  const [address = '', length, ...rest] = String(value).split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  const valid = /^\d{1,3}$/.test(length ?? '0') && prefix <= bits && rest.length === 0;
  if (version === 0 || !valid)
    throw fault(
      `${JSON.stringify(value)} is no address or network`,
      'write "203.0.113.7" or "203.0.113.0/24"',
    );
  networks.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
}
