import { evaluate, type Policy, type Verdict } from './policy.ts';
import type { AccessRequest, Decision } from './types.ts';

/** The user or role whose policies are evaluated. */
export interface Holder {
  /** For messages: `role "orders-consumer"`. */
  name: string;
  policies: readonly Policy[];
  /** Given at AssumeRole: denies anything that it does not allow too. */
  sessionPolicy?: Policy | undefined;
}

/**
 * Decides whether the holder may, and if not, which policy forbids it. `now` is in milliseconds
 * since the epoch.
 */
export function decide(holder: Holder, request: AccessRequest, now: number): Decision {
  const asked = {
    action: request.action,
    resource: request.resource,
    sourceIp: request.sourceIp,
    secureTransport: request.secureTransport,
    now,
  };
  const what = `${describe(request)} by ${holder.name}`;
  const verdict = evaluate(holder.policies, asked);
  const byHolder = refusal(verdict, 'no statement of its policies allows it');
  if (byHolder && verdict.effect === 'deny')
    return { ...deny(`${what}: ${byHolder}`), by: 'deny-statement' };
  const bySession =
    holder.sessionPolicy &&
    refusal(
      evaluate([holder.sessionPolicy], asked),
      'the session policy, given at AssumeRole, does not allow it',
    );
  if (bySession) return { ...deny(`${what}: ${bySession}`), by: 'session-policy' };
  if (verdict.effect !== 'allow') return deny(`${what}: ${byHolder}`);
  const { policy, statement } = verdict;
  return { allowed: true, statement: { policy, statement } };
}

export function describe({ action, resource }: AccessRequest): string {
  return `${action} on ${resource}`;
}

export function deny(reason: string): { allowed: false; reason: string } {
  return { allowed: false, reason };
}

function refusal(verdict: Verdict, unsaid: string): string | undefined {
  if (verdict.effect === 'allow') return undefined;
  if (verdict.effect === 'none') return unsaid;
  return `statement ${verdict.statement} of policy "${verdict.policy}" denies it`;
}
