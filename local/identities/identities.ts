import type { Clock } from '../clock.ts';
import { LocalCloudError } from '../errors.ts';
import type { RoleSpec } from '../project/types.ts';
import { AssumeRoleError } from './assume-role-error.ts';
import { IssuedKeys, type Session } from './issued-keys.ts';
import { evaluate, type Policy, parsePolicy, type Verdict } from './policy.ts';
import { parseTrust, type TrustPolicy, trusts } from './trust.ts';
import type {
  AccessKey,
  AccessRequest,
  Authority,
  Decision,
  Principal,
  TemporaryCredentials,
} from './types.ts';

export const FC_SERVICE = 'fc.aliyuncs.com';

/** What FC gives a function: longer than the longest run (24 h). */
export const FUNCTION_TOKEN_SECONDS = 36 * 60 * 60;

const SHORTEST_SESSION_SECONDS = 900;
const DEFAULT_MAX_SESSION_SECONDS = 3600;
const SESSION_NAME = /^[A-Za-z0-9.@_-]{2,64}$/;

export interface IdentitiesOptions {
  clock: Clock;
  accountId: string;
  /** The account owner's own pair, which may do everything. */
  accessKeyId: string;
  accessKeySecret: string;
}

export interface AssumeRoleRequest {
  role: string;
  sessionName: string;
  durationSeconds: number;
  /** A policy document; the session may do what both it and the role's own policies allow. */
  policy?: unknown;
  /** Who asks: a service by name (FC when left out), or the holder of a key. */
  by?: { service: string } | { key: AccessKey; request?: Partial<AccessRequest> };
}

/** A role as it is evaluated. */
export interface Role {
  name: string;
  arn: string;
  trust: TrustPolicy;
  policies: readonly Policy[];
  maxSessionSeconds: number;
}

/** The account: its owner's key pair, its roles, and the temporary keys handed out for them. */
export class Identities implements Authority {
  readonly accountId: string;
  readonly #clock: Clock;
  readonly #owner: AccessKey;
  readonly #roles = new Map<string, Role>();
  readonly #issued: IssuedKeys;

  constructor({ clock, accountId, accessKeyId, accessKeySecret }: IdentitiesOptions) {
    this.accountId = accountId;
    this.#clock = clock;
    this.#issued = new IssuedKeys(clock);
    this.#owner = {
      accessKeyId,
      accessKeySecret,
      principal: { kind: 'account', accountId, arn: `acs:ram::${accountId}:root` },
    };
  }

  /** Adds the role, or replaces the one of that name: keys handed out for it then obey the new policies. Throws LocalCloudError, naming role, policy and statement, for anything that RAM would refuse or that is not evaluated here. */
  defineRole(spec: RoleSpec): void {
    const owner = `Role "${spec.name}"`;
    this.#roles.set(spec.name, {
      name: spec.name,
      arn: `acs:ram::${this.accountId}:role/${spec.name}`,
      trust: parseTrust(spec.trust, owner),
      policies: spec.policies.map(({ name, document }) => parsePolicy(name, document, owner)),
      maxSessionSeconds: spec.maxSessionDuration ?? DEFAULT_MAX_SESSION_SECONDS,
    });
  }

  /** The role of that name, or undefined. */
  role(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  /** Forgets the role; keys handed out for it may do nothing from then on. */
  removeRole(name: string): void {
    this.#roles.delete(name);
  }

  /** A fresh temporary credential. Throws AssumeRoleError with STS's own code. */
  assumeRole(request: AssumeRoleRequest): TemporaryCredentials {
    const role = this.#roles.get(request.role);
    if (!role)
      throw new AssumeRoleError(
        'EntityNotExist.Role',
        `The role not exists: acs:ram::${this.accountId}:role/${request.role}`,
      );
    if (!SESSION_NAME.test(request.sessionName))
      throw new AssumeRoleError(
        'InvalidParameter.RoleSessionName',
        `RoleSessionName is "${request.sessionName}": use 2 to 64 letters, digits and . @ - _`,
      );
    this.#guardAssumeRole(role, request);
    const policy = sessionPolicy(request);
    const { accessKeyId, accessKeySecret, securityToken, expiration } = this.#issued.issue({
      principal: this.#sessionPrincipal(role, request.sessionName),
      role: role.name,
      durationSeconds: request.durationSeconds,
      ...(policy && { policy }),
    });
    return {
      accessKeyId,
      accessKeySecret,
      securityToken,
      expiration: new Date(expiration).toISOString().replace('.000Z', 'Z'),
    };
  }

  /** An expired key is found for an hour more, so that a service can say that it expired. */
  findAccessKey(accessKeyId: string): AccessKey | undefined {
    return accessKeyId === this.#owner.accessKeyId ? this.#owner : this.#issued.find(accessKeyId);
  }

  /** Asks the policies only: that the key's signature, token and expiry are right is the service's to check first. */
  authorize(key: AccessKey, request: AccessRequest): Decision {
    if (key.accessKeyId === this.#owner.accessKeyId) return { allowed: true };
    const session = this.#issued.find(key.accessKeyId);
    if (!session) return deny(`${describe(request)} by a key that the account does not know`);
    const role = this.#roles.get(session.role);
    if (!role) return deny(`${describe(request)} by role "${session.role}", which is gone`);
    return this.#authorizeSession(session, role, request);
  }

  #authorizeSession(session: Session, role: Role, request: AccessRequest): Decision {
    const asked = {
      action: request.action,
      resource: request.resource,
      sourceIp: request.sourceIp,
      secureTransport: request.secureTransport,
      now: this.#clock.now(),
    };
    const what = `${describe(request)} by role "${role.name}"`;
    const byRole = refusal(
      evaluate(role.policies, asked),
      'no statement of its policies allows it',
    );
    if (byRole) return deny(`${what}: ${byRole}`);
    if (!session.policy) return { allowed: true };
    const bySession = refusal(
      evaluate([session.policy], asked),
      'the session policy, given at AssumeRole, does not allow it',
    );
    return bySession ? deny(`${what}: ${bySession}`) : { allowed: true };
  }

  #guardAssumeRole(role: Role, { by, durationSeconds }: AssumeRoleRequest): void {
    const caller = by ?? { service: FC_SERVICE };
    const longest = 'service' in caller ? FUNCTION_TOKEN_SECONDS : role.maxSessionSeconds;
    if (
      !Number.isInteger(durationSeconds) ||
      durationSeconds < SHORTEST_SESSION_SECONDS ||
      durationSeconds > longest
    )
      throw new AssumeRoleError(
        'InvalidParameter.DurationSeconds',
        `DurationSeconds is ${durationSeconds}: give ${SHORTEST_SESSION_SECONDS} to ${longest}, the most that role "${role.name}" allows`,
      );
    if ('service' in caller) this.#guardService(role, caller.service);
    else this.#guardHolder(role, caller.key, caller.request);
  }

  #guardService(role: Role, service: string): void {
    const context = { sourceIp: undefined, secureTransport: true, now: this.#clock.now() };
    if (trusts(role.trust, 'Service', [service], context)) return;
    throw new AssumeRoleError(
      'NoPermission',
      `${service} may not assume role "${role.name}": name it in the role's trust policy (AssumeRolePolicyDocument), under Principal: Service`,
    );
  }

  #guardHolder(role: Role, key: AccessKey, request: Partial<AccessRequest> = {}): void {
    if (key.principal.kind === 'account')
      throw new AssumeRoleError(
        'NoPermission',
        'Roles may not be assumed by root accounts: call with a RAM user or a role of its own',
      );
    const context = {
      sourceIp: request.sourceIp,
      secureTransport: request.secureTransport,
      now: this.#clock.now(),
    };
    if (!trusts(role.trust, 'RAM', this.#namesOf(key), context))
      throw new AssumeRoleError(
        'NoPermission',
        `${key.principal.arn} may not assume role "${role.name}": name it in the role's trust policy (AssumeRolePolicyDocument), under Principal: RAM`,
      );
    const decision = this.authorize(key, {
      ...request,
      action: 'sts:AssumeRole',
      resource: role.arn,
    });
    if (!decision.allowed) throw new AssumeRoleError('NoPermission', decision.reason);
  }

  /** The names by which a trust policy can mean the key's holder; the account's root stands for everybody in it. */
  #namesOf(key: AccessKey): string[] {
    const { accountId, arn } = key.principal;
    const role = this.#issued.find(key.accessKeyId)?.role;
    return [
      arn,
      `acs:ram::${accountId}:root`,
      ...(role ? [`acs:ram::${accountId}:role/${role}`] : []),
    ];
  }

  #sessionPrincipal(role: Role, sessionName: string): Principal {
    const arn = `acs:ram::${this.accountId}:assumed-role/${role.name}/${sessionName}`;
    return { kind: 'assumed-role', accountId: this.accountId, arn };
  }
}

function sessionPolicy({ role, policy }: AssumeRoleRequest): Policy | undefined {
  if (policy === undefined) return undefined;
  try {
    return parsePolicy('session policy', policy, `Role "${role}"`);
  } catch (cause) {
    if (!(cause instanceof LocalCloudError)) throw cause;
    throw new AssumeRoleError(
      'InvalidParameter.PolicyGrammar',
      `The parameter Policy has not passed grammar check. ${cause.message}: ${cause.remedy}`,
      { cause },
    );
  }
}

function describe({ action, resource }: AccessRequest): string {
  return `${action} on ${resource}`;
}

function refusal(verdict: Verdict, unsaid: string): string | undefined {
  if (verdict.effect === 'allow') return undefined;
  if (verdict.effect === 'none') return unsaid;
  return `statement ${verdict.statement} of policy "${verdict.policy}" denies it`;
}

function deny(reason: string): Decision {
  return { allowed: false, reason };
}
