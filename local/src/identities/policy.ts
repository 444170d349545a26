import {
  type Condition,
  type ConditionContext,
  parseConditions,
  REQUEST_KEYS,
} from './condition.ts';
import { invalidPolicy, isRecord, toList } from './invalid-policy.ts';
import { remedyOfResource } from './resource-forms.ts';
import type { StatementPlace } from './types.ts';
import { matchesWildcard } from './wildcard.ts';

/** A RAM policy document, read and checked. */
export interface Policy {
  name: string;
  statements: Statement[];
}

interface Statement {
  effect: 'Allow' | 'Deny';
  actions: Patterns;
  resources: Patterns;
  conditions: Condition[];
}

/** `except`: the element was NotAction or NotResource, which covers everything else. */
interface Patterns {
  except: boolean;
  values: string[];
  /** As written in the document: actions are matched in lower case. */
  written: readonly string[];
}

export interface PolicyRequest extends ConditionContext {
  action: string;
  resource: string;
}

/**
 * The result: allowed by the first statement that does so, not mentioned, or explicitly denied with
 * the place of the statement.
 */
export type Verdict =
  | ({ effect: 'allow' } & StatementPlace)
  | { effect: 'none' }
  | ({ effect: 'deny' } & StatementPlace);

const STATEMENT_ELEMENTS = [
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

/**
 * Parses a policy document (a map, or its JSON text). Throws LocalCloudError for anything RAM would
 * refuse and for anything not evaluated here, so that nothing is allowed or denied by oversight.
 * `owner` is the policy's owner, for messages: `Role "orders-consumer"`.
 */
export function parsePolicy(name: string, document: unknown, owner: string): Policy {
  const where = `${owner}, policy "${name}"`;
  return {
    name,
    statements: readStatements(document, where).map((statement, index) =>
      parseStatement(statement, `${where}, statement ${index + 1}`),
    ),
  };
}

/**
 * Returns the statements of a document, which must be a map (or its JSON text) with Version "1".
 */
export function readStatements(document: unknown, where: string): Record<string, unknown>[] {
  const value = typeof document === 'string' ? parseJson(document, where) : document;
  if (!isRecord(value)) throw invalidPolicy(where, 'it is not a map', 'give Version and Statement');
  const unknown = Object.keys(value).find((key) => key !== 'Version' && key !== 'Statement');
  if (unknown)
    throw invalidPolicy(
      where,
      `"${unknown}" is no element of a policy`,
      'give Version and Statement',
    );
  if (value.Version !== '1')
    throw invalidPolicy(
      where,
      `Version is ${JSON.stringify(value.Version)}`,
      "write Version: '1', in quotes; RAM has no other",
    );
  const statements = value.Statement;
  if (!Array.isArray(statements) || statements.length === 0 || !statements.every(isRecord))
    throw invalidPolicy(where, 'Statement is no list of maps', 'give at least one statement');
  return statements;
}

/** Evaluates the policies together: one explicit deny outweighs every allow. */
export function evaluate(policies: readonly Policy[], request: PolicyRequest): Verdict {
  let allowed: Verdict | undefined;
  for (const policy of policies) {
    for (const [index, statement] of policy.statements.entries()) {
      if (!applies(statement, request)) continue;
      if (statement.effect === 'Deny')
        return { effect: 'deny', policy: policy.name, statement: index + 1 };
      allowed ??= { effect: 'allow', policy: policy.name, statement: index + 1 };
    }
  }
  return allowed ?? { effect: 'none' };
}

function applies(statement: Statement, request: PolicyRequest): boolean {
  return (
    covers(statement.actions, request.action.toLowerCase()) &&
    covers(statement.resources, request.resource) &&
    statement.conditions.every((holds) => holds(request) ?? statement.effect === 'Deny')
  );
}

function covers({ except, values }: Patterns, text: string): boolean {
  return values.some((pattern) => matchesWildcard(pattern, text)) !== except;
}

function parseStatement(statement: Record<string, unknown>, where: string): Statement {
  const unknown = Object.keys(statement).find((key) => !STATEMENT_ELEMENTS.includes(key));
  if (unknown)
    throw invalidPolicy(
      where,
      `"${unknown}" is no element of a statement of a permission policy`,
      `use ${STATEMENT_ELEMENTS.join(', ')}`,
    );
  const actions = readPatterns(statement, 'Action', 'NotAction', where);
  for (const action of actions.values) checkAction(action, where);
  const resources = readPatterns(statement, 'Resource', 'NotResource', where);
  const effect = readEffect(statement.Effect, where);
  // NotResource in an Allow excludes as a Deny does.
  const excludes = (effect === 'Deny') !== resources.except;
  for (const resource of resources.values) checkResource(resource, excludes, where);
  return {
    effect,
    actions: { ...actions, values: actions.values.map((action) => action.toLowerCase()) },
    resources,
    conditions: parseConditions(statement.Condition, where, REQUEST_KEYS),
  };
}

export function readEffect(value: unknown, where: string): 'Allow' | 'Deny' {
  if (value === 'Allow' || value === 'Deny') return value;
  throw invalidPolicy(where, `Effect is ${JSON.stringify(value)}`, 'write Allow or Deny');
}

function readPatterns(
  statement: Record<string, unknown>,
  key: string,
  notKey: string,
  where: string,
): Patterns {
  const except = statement[notKey] !== undefined;
  if (except === (statement[key] !== undefined))
    throw invalidPolicy(
      where,
      except ? `it has both ${key} and ${notKey}` : `it has neither ${key} nor ${notKey}`,
      'give one of the two',
    );
  const values = toList(statement[except ? notKey : key]);
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  if (values.length === 0 || !values.every(isText))
    throw invalidPolicy(
      where,
      `${except ? notKey : key} is ${JSON.stringify(values)}`,
      'give a string or a list of strings',
    );
  return { except, values, written: values };
}

function checkAction(action: string, where: string): void {
  if (action === '*' || /^[\w*?-]+:[\w*?.-]+$/.test(action)) return;
  throw invalidPolicy(
    where,
    `Action "${action}" is not of the form <service>:<operation>`,
    'write it as in mns:SendMessage, or * for all',
  );
}

/**
 * Throws unless a resource has at least five parts: `acs:<service>:<region>:<account>:<relative
 * id>`, in a form that something can match.
 */
function checkResource(resource: string, excludes: boolean, where: string): void {
  if (resource.includes('${'))
    throw invalidPolicy(
      where,
      `Resource "${resource}" holds a policy variable, which the local cloud does not evaluate`,
      'write the value itself, or * in its place',
    );
  if (resource === '*') return;
  if (/^acs:[^:]+:[^:]*:[^:]*:.+$/.test(resource)) {
    const remedy = remedyOfResource(resource, excludes);
    if (remedy === undefined) return;
    throw invalidPolicy(where, `Resource "${resource}" can match nothing`, remedy);
  }
  throw invalidPolicy(
    where,
    `Resource "${resource}" is not of the form acs:<service>:<region>:<account>:<name>`,
    'write it as in acs:oss:*:*:bucket/prefix/*, or * for all',
  );
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalidPolicy(where, `it is no JSON (${reason})`, 'give a map or its JSON text');
  }
}
