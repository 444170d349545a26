import { entityId } from '../../identities/entity-id.ts';
import type { Principal } from '../../identities/types.ts';
import type { Answer, SignedOperation } from './operation.ts';

/**
 * STS GetCallerIdentity: anyone with a valid key may ask who it is; RAM has no permission for it.
 */
export const getCallerIdentity: SignedOperation = {
  signed: true,
  run({ requestId, key: { principal } }) {
    return {
      RequestId: requestId,
      AccountId: principal.accountId,
      Arn: principal.arn,
      ...identityOf(principal),
    };
  },
};

function identityOf({ kind, accountId, arn }: Principal): Answer {
  if (kind === 'account')
    return { IdentityType: 'Account', PrincipalId: accountId, UserId: accountId };
  if (kind === 'user') {
    const id = entityId(arn);
    return { IdentityType: 'RAMUser', PrincipalId: id, UserId: id };
  }
  const [, role = '', session = ''] = arn.split('/');
  const id = entityId(`acs:ram::${accountId}:role/${role}`);
  return { IdentityType: 'AssumedRoleUser', PrincipalId: `${id}:${session}`, RoleId: id };
}
