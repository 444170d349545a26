import type { Clock } from '../clock.ts';
import { LocalCloudError } from '../errors.ts';
import { AssumeRoleError } from './assume-role-error.ts';
import { decide, deny, describe } from './authorization.ts';
import { IssuedKeys } from './issued-keys.ts';
import { type OidcProvider, type OidcProviderSpec, parseOidcProvider } from './oidc/provider.ts';
import { type OidcClaims, verifyOidcToken } from './oidc/token.ts';
import { parseRole, type Role } from './role.ts';
import type { RoleSpec } from './role-spec.ts';
import {
  type AssumeRoleRequest,
  type AssumeRoleWithOidcRequest,
  checkDuration,
  checkSessionName,
  type HolderOfKey,
  type SessionRequest,
  sessionPolicy,
} from './session.ts';
import { trusts } from './trust.ts';
import type {
  AccessKey,
  AccessRequest,
  Authority,
  Decision,
  Principal,
  TemporaryCredentials,
} from './types.ts';
import { type UserSpec, Users } from './users.ts';

export const FC_SERVICE = 'fc.aliyuncs.com';
export const ECS_SERVICE = 'ecs.aliyuncs.com';

/** Session length that FC gives a function: longer than the longest run (24 h). */
export const FUNCTION_TOKEN_SECONDS = 36 * 60 * 60;

export interface IdentitiesOptions {
  clock: Clock;
  accountId: string;
  /** The account owner's own key pair, which may do everything. */
  accessKeyId: string;
  accessKeySecret: string;
}

/** Called with each caller, request and decision of the policies. */
export type DecisionListener = (
  principal: Principal,
  request: AccessRequest,
  decision: Decision,
) => void;

/**
 * The account: its owner's key pair, its users and roles, the identity providers it trusts, and the
 * temporary keys it has issued.
 */
export class Identities implements Authority {
  readonly accountId: string;
  readonly #clock: Clock;
  readonly #owner: AccessKey;
  readonly #users: Users;
  readonly #roles = new Map<string, Role>();
  /** By ARN. */
  readonly #providers = new Map<string, OidcProvider>();
  readonly #issued: IssuedKeys;
  readonly #listeners = new Set<DecisionListener>();

  constructor({ clock, accountId, accessKeyId, accessKeySecret }: IdentitiesOptions) {
    this.accountId = accountId;
    this.#clock = clock;
    this.#users = new Users(accountId);
    this.#issued = new IssuedKeys(clock);
    this.#owner = {
      accessKeyId,
      accessKeySecret,
      principal: { kind: 'account', accountId, arn: `acs:ram::${accountId}:root` },
    };
  }

  /**
   * Adds the role, or replaces the one of that name: keys issued for it then obey the new policies.
   * Throws LocalCloudError as parseRole does.
   */
  defineRole(spec: RoleSpec): void {
    this.#roles.set(spec.name, parseRole(spec, this.accountId));
  }

  /** Returns the role of that name, or undefined. */
  role(name: string): Role | undefined {
    return this.#roles.get(name);
  }

  /** Removes the role; keys issued for it have no permissions from then on. */
  removeRole(name: string): void {
    this.#roles.delete(name);
  }

  /**
   * Adds a RAM user with a long-term key pair, or replaces the one of that name. Throws
   * LocalCloudError as defineRole does, and when another user has the pair.
   */
  defineUser(spec: UserSpec): void {
    if (spec.accessKeyId === this.#owner.accessKeyId)
      throw new LocalCloudError(
        'InvalidUser',
        `RAM user "${spec.name}": AccessKey id "${spec.accessKeyId}" is the account's own`,
        'give each user a pair of its own',
      );
    this.#users.define(spec);
  }

  /**
   * Adds the identity provider, or replaces the one of that name. Throws LocalCloudError for an
   * invalid key or name.
   */
  defineOidcProvider(spec: OidcProviderSpec): void {
    const provider = parseOidcProvider(spec, this.accountId);
    this.#providers.set(provider.arn, provider);
  }

  /**
   * Returns a fresh temporary credential, for at most the role's longest session (a service: 36
   * hours). Throws AssumeRoleError with STS's own code.
   */
  assumeRole(request: AssumeRoleRequest): TemporaryCredentials {
    const role = this.#roleFor(request);
    const caller = request.by ?? { service: FC_SERVICE };
    if ('service' in caller) {
      checkDuration(role, request.durationSeconds, FUNCTION_TOKEN_SECONDS);
      this.#checkService(role, caller.service);
    } else {
      checkDuration(role, request.durationSeconds, role.maxSessionSeconds);
      this.#checkHolder(role, caller);
    }
    return this.#issue(role, request);
  }

  /**
   * Returns a fresh temporary credential for the holder of a token, and the token's claims. Throws
   * AssumeRoleError with STS's own code.
   */
  assumeRoleWithOidc(request: AssumeRoleWithOidcRequest): {
    credentials: TemporaryCredentials;
    claims: OidcClaims;
  } {
    const provider = this.#providers.get(request.provider);
    if (!provider)
      throw new AssumeRoleError(
        'AuthenticationFail.NoPermission',
        `No such OIDC Provider registered: ${request.provider}`,
      );
    const now = this.#clock.now();
    const claims = verifyOidcToken(provider, request.token, now);
    const role = this.#roleFor(request);
    checkDuration(role, request.durationSeconds, role.maxSessionSeconds);
    const { sourceIp, secureTransport } = request.request ?? {};
    const context = { sourceIp, secureTransport, now, oidc: claims };
    if (!trusts(role.trust, 'Federated', [provider.arn], context))
      throw new AssumeRoleError(
        'AuthenticationFail.NoPermission',
        `There is no permission: the trust policy of role "${role.name}" has to name ${provider.arn} under Principal: Federated, with conditions that hold for oidc:sub "${claims.subject}"`,
      );
    return { credentials: this.#issue(role, request), claims };
  }

  /**
   * Returns the key of that id. An expired one is found for another hour, so that a service can
   * report that it expired.
   */
  findAccessKey(accessKeyId: string): AccessKey | undefined {
    if (accessKeyId === this.#owner.accessKeyId) return this.#owner;
    return this.#users.find(accessKeyId)?.key ?? this.#issued.find(accessKeyId);
  }

  /**
   * Evaluates the policies only: the service must first check the key's signature, token and
   * expiry.
   */
  authorize(key: AccessKey, request: AccessRequest): Decision {
    const decision = this.#decide(key, request);
    for (const listener of this.#listeners) listener(key.principal, request, decision);
    return decision;
  }

  /** Calls `listener` with each later decision; the returned function removes it. */
  onDecision(listener: DecisionListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #decide(key: AccessKey, request: AccessRequest): Decision {
    if (key.accessKeyId === this.#owner.accessKeyId) return { allowed: true };
    const now = this.#clock.now();
    const user = this.#users.find(key.accessKeyId);
    if (user) return decide({ name: `user "${user.name}"`, policies: user.policies }, request, now);
    const session = this.#issued.find(key.accessKeyId);
    if (!session) return deny(`${describe(request)} by a key that the account does not know`);
    const role = this.#roles.get(session.role);
    if (!role) return deny(`${describe(request)} by role "${session.role}", which is gone`);
    return decide(
      { name: `role "${role.name}"`, policies: role.policies, sessionPolicy: session.policy },
      request,
      now,
    );
  }

  #roleFor(request: SessionRequest): Role {
    const { role: name } = request;
    const role = this.#roles.get(name);
    if (!role)
      throw new AssumeRoleError(
        'EntityNotExist.Role',
        `The role not exists: acs:ram::${this.accountId}:role/${name}`,
      );
    checkSessionName(request);
    return role;
  }

  #issue(role: Role, request: SessionRequest): TemporaryCredentials {
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

  #checkService(role: Role, service: string): void {
    const context = { sourceIp: undefined, secureTransport: true, now: this.#clock.now() };
    if (trusts(role.trust, 'Service', [service], context)) return;
    throw new AssumeRoleError(
      'NoPermission',
      `${service} may not assume role "${role.name}": name it in the role's trust policy (AssumeRolePolicyDocument), under Principal: Service`,
    );
  }

  #checkHolder(role: Role, { key, request = {}, onDecision }: HolderOfKey): void {
    if (key.principal.kind === 'account')
      throw new AssumeRoleError(
        'NoPermission',
        'Roles may not be assumed by root accounts. Call with a RAM user, or with a role',
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
    const asked = { ...request, action: 'sts:AssumeRole', resource: role.arn };
    const decision = this.authorize(key, asked);
    onDecision?.(asked, decision);
    if (!decision.allowed) throw new AssumeRoleError('NoPermission', decision.reason);
  }

  /**
   * Returns the names by which a trust policy can refer to the key's holder; the account's root
   * includes everyone in it.
   */
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
