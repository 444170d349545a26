/** The maker of a call. */
export interface Principal {
  kind: 'account' | 'user' | 'assumed-role';
  accountId: string;
  /** `acs:ram::<account>:root`, `acs:ram::<account>:user/<name>` or `acs:ram::<account>:assumed-role/<role>/<session>`. */
  arn: string;
}

/** A key pair that the local cloud knows, as the services' signature checks need it. */
export interface AccessKey {
  accessKeyId: string;
  accessKeySecret: string;
  /** Only on temporary credentials; a request must have the same one. */
  securityToken?: string;
  /** Milliseconds since the epoch; only on temporary credentials. */
  expiration?: number;
  principal: Principal;
}

/** A temporary credential as STS issues it. */
export interface TemporaryCredentials {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken: string;
  /** ISO 8601, UTC, whole seconds. */
  expiration: string;
}

/** One request as a RAM policy evaluates it. */
export interface AccessRequest {
  /** `mns:SendMessage`, `oss:PutObject`, `fc:InvokeFunction`, `sts:AssumeRole`. */
  action: string;
  /** `acs:mns:<region>:<account>:/queues/<name>/messages`, `acs:oss:*:<account>:<bucket>/<key>`. */
  resource: string;
  sourceIp?: string | undefined;
  secureTransport?: boolean;
}

/** A statement of a policy, counted from 1. */
export interface StatementPlace {
  policy: string;
  statement: number;
}

/**
 * `statement` is the first that allows it; absent for the account itself, to which no policy
 * applies. `reason` is written for the person who has to correct the policy; it contains no secret.
 * `by` is the statement that forbids it, and is absent when merely nothing allows it: then
 * something else, such as an ACL, may.
 */
export type Decision =
  | { allowed: true; statement?: StatementPlace }
  | { allowed: false; reason: string; by?: 'deny-statement' | 'session-policy' };

/** The account as services need it: to look up a key, and to check its holder's permissions. */
export interface Authority {
  readonly accountId: string;
  /** Returns the key pair of that id, expired ones included (the service reports that itself). */
  findAccessKey(accessKeyId: string): AccessKey | undefined;
  authorize(key: AccessKey, request: AccessRequest): Decision;
}
