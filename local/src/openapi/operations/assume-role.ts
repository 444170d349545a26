import { OpenApiError } from '../errors.ts';
import type { SignedOperation } from './operation.ts';
import { readSession, sessionAnswer } from './session.ts';

const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

/** STS AssumeRole. The role's trust policy and the caller's own both have to allow it; the account's own pair is refused. */
export const assumeRole: SignedOperation = {
  signed: true,
  run({ requestId, parameters, identities, key, origin, onDecision }) {
    const session = readSession(parameters, identities.accountId);
    const externalId = parameters.get('ExternalId');
    if (externalId !== undefined && !EXTERNAL_ID.test(externalId))
      throw new OpenApiError('InvalidParameter.ExternalId');
    const by = { key, request: origin, ...(onDecision && { onDecision }) };
    const credentials = identities.assumeRole({ ...session, by });
    return {
      RequestId: requestId,
      ...sessionAnswer(session, credentials, identities.accountId),
    };
  },
};
