import { LocalCloudError } from '../errors.ts';
import { type Policy, parsePolicy } from './policy.ts';
import type { AccessKey } from './types.ts';

export interface UserSpec {
  name: string;
  /** The user's long-term key pair. */
  accessKeyId: string;
  accessKeySecret: string;
  /** Policy documents attached to the user, each with a name for messages. */
  policies: readonly { name: string; document: unknown }[];
}

export interface User {
  name: string;
  key: AccessKey;
  policies: readonly Policy[];
}

const USER_NAME = /^[\w.@-]{1,64}$/;

/** The account's RAM users, found by their access key id. */
export class Users {
  readonly #accountId: string;
  readonly #byKeyId = new Map<string, User>();

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  /**
   * Adds the user, or replaces the one of that name. Throws LocalCloudError for an invalid name or
   * key pair, for a pair that another user has, and for a policy that RAM would refuse.
   */
  define({ name, accessKeyId, accessKeySecret, policies }: UserSpec): void {
    const owner = `RAM user "${name}"`;
    if (!USER_NAME.test(name))
      throw invalidUser(owner, 'the name is wrong', 'use 1 to 64 letters, digits and . @ - _');
    if (!/^\S+$/.test(accessKeyId) || !/^\S+$/.test(accessKeySecret))
      throw invalidUser(owner, 'half of its AccessKey pair is empty or holds a blank', 'give both');
    const holder = this.#byKeyId.get(accessKeyId);
    if (holder && holder.name !== name)
      throw invalidUser(
        owner,
        `AccessKey id "${accessKeyId}" is that of user "${holder.name}"`,
        'give each user a pair of its own',
      );
    const user: User = {
      name,
      policies: policies.map((policy) => parsePolicy(policy.name, policy.document, owner)),
      key: {
        accessKeyId,
        accessKeySecret,
        principal: {
          kind: 'user',
          accountId: this.#accountId,
          arn: `acs:ram::${this.#accountId}:user/${name}`,
        },
      },
    };
    for (const [id, other] of this.#byKeyId) if (other.name === name) this.#byKeyId.delete(id);
    this.#byKeyId.set(accessKeyId, user);
  }

  find(accessKeyId: string): User | undefined {
    return this.#byKeyId.get(accessKeyId);
  }
}

function invalidUser(owner: string, what: string, remedy: string): LocalCloudError {
  return new LocalCloudError('InvalidUser', `${owner}: ${what}`, remedy);
}
