/** Who makes a call. */
export interface Principal {
  kind: 'account' | 'user' | 'assumed-role';
  accountId: string;
  /** `acs:ram::<account>:root`, `acs:ram::<account>:user/<name>` or `acs:ram::<account>:assumed-role/<role>/<session>`. */
  arn: string;
}

/** A key pair the local cloud knows, as the services' signature checks need it. */
export interface AccessKey {
  accessKeyId: string;
  accessKeySecret: string;
  /** Present on temporary credentials only; a request must carry the same. */
  securityToken?: string;
  /** Milliseconds since the epoch; present on temporary credentials only. */
  expiration?: number;
  principal: Principal;
}

/** A temporary credential as STS hands it out. */
export interface TemporaryCredentials {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken: string;
  /** ISO 8601, UTC, whole seconds. */
  expiration: string;
}

/** One request as a RAM policy sees it. */
export interface AccessRequest {
  /** `mns:SendMessage`, `oss:PutObject`, `fc:InvokeFunction`, `sts:AssumeRole`. */
  action: string;
  /** `acs:mns:<region>:<account>:/queues/<name>/messages`, `acs:oss:*:<account>:<bucket>/<key>`. */
  resource: string;
  sourceIp?: string;
  secureTransport?: boolean;
}

/** A statement of a policy, counted from 1. */
export interface StatementPlace {
  policy: string;
  statement: number;
}

/**
 * `statement` is the first that allows it; absent for the account itself, which asks no policy.
 * `reason` is written for the person who has to correct the policy; it holds no secret. `by` says what
 * forbids it, and is absent when merely nothing allows it: then something else, such as an ACL, may.
 */
export type Decision =
  | { allowed: true; statement?: StatementPlace }
  | { allowed: false; reason: string; by?: 'deny-statement' | 'session-policy' };

/** What a service needs of the account: to look a key up, and to ask whether its holder may. */
export interface Authority {
  readonly accountId: string;
  /** The key pair of that id, expired ones included (the service says so in its own words). */
  findAccessKey(accessKeyId: string): AccessKey | undefined;
  authorize(key: AccessKey, request: AccessRequest): Decision;
}
