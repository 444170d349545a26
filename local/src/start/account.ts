import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { ADMINISTRATOR_ACCESS } from '../identities/administrator-access.ts';
import { Identities } from '../identities/identities.ts';
import type { RoleSpec } from '../project/types.ts';
import type { Resources } from '../resources.ts';

export interface AccountOptions {
  clock: Clock;
  accountId: string;
  /** Key pair of the RAM user who may do everything. */
  accessKeyId: string;
  accessKeySecret: string;
  roles: readonly RoleSpec[];
  resources: Resources;
  /** The account's own key pair. */
  owner: { accessKeyId: string; accessKeySecret: string };
}

/**
 * Creates the account with its users, identity providers and roles. Throws LocalCloudError for a
 * policy that RAM would refuse.
 */
export function openAccount(options: AccountOptions): Identities {
  const { clock, accountId, accessKeyId, accessKeySecret, roles, resources, owner } = options;
  const identities = new Identities({ clock, accountId, ...owner });
  const administrator = { name: 'local', accessKeyId, accessKeySecret };
  identities.defineUser({ ...administrator, policies: [ADMINISTRATOR_ACCESS] });
  for (const user of resources.users ?? []) identities.defineUser(user);
  for (const provider of resources.oidcProviders ?? []) identities.defineOidcProvider(provider);
  for (const role of roles) identities.defineRole(role);
  return identities;
}

/** Returns a random key pair for the account's owner. */
export function ownerPair(): { accessKeyId: string; accessKeySecret: string } {
  return { accessKeyId: `owner-${randomUUID()}`, accessKeySecret: randomUUID() };
}
