import { OpenApiError } from '../errors.ts';
import type { SignedOperation } from './operation.ts';
import { readSession, sessionAnswer } from './session.ts';

const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

/**
 * STS AssumeRole. Both the role's trust policy and the caller's own policies must allow it; the
 * account's own key pair is refused.
 */
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
