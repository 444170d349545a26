import { type Condition, type ConditionContext, parseConditions, TRUST_KEYS } from './condition.ts';
import { invalidPolicy, isRecord, toList } from './invalid-policy.ts';
import { readEffect, readStatements } from './policy.ts';

/** The principals that may assume a role, from its AssumeRolePolicyDocument. */
export interface TrustPolicy {
  statements: TrustStatement[];
}

interface TrustStatement {
  effect: 'Allow' | 'Deny';
  principals: { kind: PrincipalKind; name: string }[];
  conditions: Condition[];
}

const PRINCIPAL_KINDS = ['Service', 'RAM', 'Federated'] as const;

export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];

const ELEMENTS = ['Effect', 'Action', 'Principal', 'Condition'];

/**
 * Parses a trust policy. Throws LocalCloudError for anything RAM would refuse or that is not
 * evaluated here. `owner` is its owner, for messages.
 */
export function parseTrust(document: unknown, owner: string): TrustPolicy {
  const where = `${owner}, trust policy`;
  return {
    statements: readStatements(document, where).map((statement, index) =>
      parseStatement(statement, `${where}, statement ${index + 1}`),
    ),
  };
}

/**
 * Returns whether any of `names` may assume the role: a service (`fc.aliyuncs.com`), a RAM
 * principal under each of its ARNs, or an identity that an OIDC provider vouches for, by the
 * provider's ARN.
 */
export function trusts(
  trust: TrustPolicy,
  kind: PrincipalKind,
  names: readonly string[],
  context: ConditionContext,
): boolean {
  const effects = trust.statements
    .filter(({ principals }) => principals.some((p) => p.kind === kind && names.includes(p.name)))
    .filter(({ conditions, effect }) =>
      conditions.every((holds) => holds(context) ?? effect === 'Deny'),
    )
    .map(({ effect }) => effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function parseStatement(statement: Record<string, unknown>, where: string): TrustStatement {
  const unknown = Object.keys(statement).find((key) => !ELEMENTS.includes(key));
  if (unknown)
    throw invalidPolicy(
      where,
      `"${unknown}" is no element of a trust policy`,
      `use ${ELEMENTS.join(', ')}`,
    );
  const actions = toList(statement.Action);
  if (actions.length !== 1 || actions[0] !== 'sts:AssumeRole')
    throw invalidPolicy(
      where,
      `Action is ${JSON.stringify(statement.Action)}`,
      'write sts:AssumeRole, the only one that a trust policy takes',
    );
  return {
    effect: readEffect(statement.Effect, where),
    principals: readPrincipals(statement.Principal, where),
    conditions: parseConditions(statement.Condition, where, TRUST_KEYS),
  };
}

function readPrincipals(value: unknown, where: string): TrustStatement['principals'] {
  if (!isRecord(value) || Object.keys(value).length === 0)
    throw invalidPolicy(
      where,
      'Principal is missing or no map',
      'name who may assume the role, as in Principal: {Service: [fc.aliyuncs.com]}',
    );
  return Object.entries(value).flatMap(([key, names]) => {
    const kind = PRINCIPAL_KINDS.find((one) => one === key);
    if (!kind)
      throw invalidPolicy(
        where,
        `Principal "${key}" is not evaluated by the local cloud`,
        `use ${PRINCIPAL_KINDS.join(', ')}`,
      );
    return toList(names).map((name) => {
      if (typeof name !== 'string' || name === '')
        throw invalidPolicy(
          where,
          `Principal ${kind} is ${JSON.stringify(name)}`,
          'give a string or a list of strings',
        );
      if (kind === 'Federated' && !/^acs:ram::[^:]*:oidc-provider\/.+$/.test(name))
        throw invalidPolicy(
          where,
          `Principal Federated "${name}" is no OIDC provider, the only kind the local cloud evaluates`,
          'write acs:ram::<account>:oidc-provider/<name>',
        );
      return { kind, name };
    });
  });
}
