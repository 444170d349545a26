import { LocalCloudError } from '../../errors.ts';
import type { DestinationSpec, FunctionSpec } from '../../project/types.ts';
import { MESSAGE_SIZE } from '../../smq/limits.ts';
import type { EventSources, RoleCheck } from '../sources.ts';
import { type AsyncOutcome, outcomePayload } from './outcome.ts';

/** FC sends to destinations as the function's own role. */
const SERVICES = ['fc.aliyuncs.com'];

export interface DestinationOptions {
  sources: EventSources | undefined;
  checkRole: RoleCheck | undefined;
  /** `<region>:<account>`, as in ARNs. */
  place: string;
  /** Resolves when the event is accepted. */
  invokeAsync(name: string, event: Buffer): Promise<void>;
}

/**
 * Sends the outcome to the destination in asyncInvokeConfig, if there is one. Rejects where the
 * cloud would fail: a role without permission, a payload that is too large, a resource that does
 * not exist.
 */
export async function sendOutcome(
  fn: FunctionSpec,
  outcome: AsyncOutcome,
  options: DestinationOptions,
): Promise<void> {
  const failed = !outcome.result || outcome.result.errorType !== undefined;
  const destination = failed ? fn.asyncInvoke?.onFailure : fn.asyncInvoke?.onSuccess;
  if (!destination) return;
  const { kind, name } = destination;
  const payload = outcomePayload(outcome);
  if (kind !== 'function' && Buffer.byteLength(payload) > MESSAGE_SIZE.max)
    throw refusal(destination, `takes ${MESSAGE_SIZE.max} bytes`, 'answer with less');
  checkRole(fn, destination, options);
  if (kind === 'function') return options.invokeAsync(name, Buffer.from(payload));
  if (!options.sources)
    throw refusal(
      destination,
      'does not exist: the runtime has no message service',
      'start it whole',
    );
  if (kind === 'queue') await options.sources.queues.send(name, payload);
  else await options.sources.publish(name, payload);
}

function checkRole(
  fn: FunctionSpec,
  destination: DestinationSpec,
  { checkRole, place }: DestinationOptions,
): void {
  if (!checkRole) return;
  if (fn.role === undefined)
    throw refusal(destination, 'needs a role, and the function has none', 'give it one');
  const { kind, name } = destination;
  const [action, resource] = {
    queue: ['mns:SendMessage', `acs:mns:${place}:/queues/${name}/messages`] as const,
    topic: ['mns:PublishMessage', `acs:mns:${place}:/topics/${name}/messages`] as const,
    function: ['fc:InvokeFunction', `acs:fc:${place}:functions/${name}`] as const,
  }[kind];
  const reason = checkRole({ role: fn.role, services: SERVICES, action, resource });
  if (reason) throw refusal(destination, `is refused: ${reason}`, `allow ${action}`);
}

function refusal({ kind, name, source }: DestinationSpec, what: string, remedy: string): Error {
  return new LocalCloudError(
    'DestinationFailed',
    `Destination ${kind} "${name}" (${source}) ${what}`,
    remedy,
  );
}
