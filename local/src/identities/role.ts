import { DEFAULT_MAX_SESSION_SECONDS } from './limits.ts';
import { type Policy, parsePolicy } from './policy.ts';
import type { RoleSpec } from './role-spec.ts';
import { parseTrust, type TrustPolicy } from './trust.ts';

/** A role in the form that is evaluated. */
export interface Role {
  name: string;
  arn: string;
  trust: TrustPolicy;
  policies: readonly Policy[];
  maxSessionSeconds: number;
}

/**
 * Returns a declared role in that form. Throws LocalCloudError, naming role, policy and statement,
 * for anything that RAM would refuse or that is not evaluated here.
 */
export function parseRole(spec: RoleSpec, accountId: string): Role {
  const owner = `Role "${spec.name}"`;
  return {
    name: spec.name,
    arn: `acs:ram::${accountId}:role/${spec.name}`,
    trust: parseTrust(spec.trust, owner),
    policies: spec.policies.map(({ name, document }) => parsePolicy(name, document, owner)),
    maxSessionSeconds: spec.maxSessionDuration ?? DEFAULT_MAX_SESSION_SECONDS,
  };
}
