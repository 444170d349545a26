import { FUNCTION_TOKEN_SECONDS } from '../identities/identities.ts';
import type { TemporaryCredentials } from '../identities/types.ts';
import type { RunningCloud } from '../local-cloud.ts';
import type { RoleSpec } from '../project/types.ts';

/** One role of the account. */
export class TestRole {
  readonly name: string;
  readonly #cloud: RunningCloud;

  constructor(cloud: RunningCloud, name: string) {
    this.#cloud = cloud;
    this.name = name;
  }

  /**
   * Adds the role, or replaces it: credentials issued earlier obey the new policies. Throws
   * LocalCloudError for a policy that RAM would refuse.
   */
  define(spec: Omit<RoleSpec, 'name'>): void {
    this.#cloud.identities.defineRole({ ...spec, name: this.name });
  }

  /**
   * Makes the role one that Function Compute and the account may assume, allowed to perform these
   * actions on anything.
   */
  allow(...actions: string[]): void {
    const { accountId } = this.#cloud;
    const Principal = {
      Service: ['fc.aliyuncs.com'],
      RAM: [`acs:ram::${accountId}:root`],
    };
    const statement = { Effect: 'Allow', Action: actions, Resource: ['*'] };
    this.define({
      trust: {
        Version: '1',
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal }],
      },
      policies: [{ name: 'allowed', document: { Version: '1', Statement: [statement] } }],
    });
  }

  /**
   * Issues a credential of the role as FC does for a function, valid for that many seconds (default
   * 36 hours). Throws an error with STS's own code for a role that does not exist or does not trust
   * FC.
   */
  credentials(durationSeconds: number = FUNCTION_TOKEN_SECONDS): TemporaryCredentials {
    const session = { role: this.name, sessionName: 'test', durationSeconds };
    return this.#cloud.identities.assumeRole(session);
  }
}
