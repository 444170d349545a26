import type { Clock } from '../clock.ts';
import { LocalCloudError } from '../errors.ts';
import type { FunctionSpec, TriggerSpec } from '../project/types.ts';
import type { InvocationResult } from './invocation.ts';
import type { EventSources, RoleCheck } from './sources.ts';
import { QueueTrigger } from './triggers/eventbridge.ts';
import { jwtConfigOf } from './triggers/http-jwt.ts';
import { TopicTrigger } from './triggers/mns-topic.ts';
import { OssTrigger } from './triggers/oss.ts';
import { ruleId } from './triggers/oss-event.ts';
import { TimerTrigger } from './triggers/timer.ts';
import type { Trigger } from './triggers/trigger.ts';

export interface CreateTriggersOptions {
  clock: Clock;
  accountId: string;
  region: string;
  /** `<region>:<account>`, as in ARNs. */
  place: string;
  sources?: EventSources;
  checkRole?: RoleCheck;
  invoke(event: Buffer): Promise<InvocationResult>;
  /**
   * `origin` is its name in messages. Resolves when the event is accepted; throws or rejects when
   * it is not.
   */
  invokeAsync(event: Buffer, origin: string): Promise<void>;
  say(text: string): void;
  report(error: unknown): void;
}

type SourcedSpec = Exclude<TriggerSpec, { type: 'http' | 'timer' }>;

/** Services that a trigger's invocationRole may trust. */
const INVOKERS: Record<SourcedSpec['type'], readonly string[]> = {
  oss: ['oss.aliyuncs.com'],
  mns_topic: ['mns.aliyuncs.com'],
  eventbridge: ['eventbridge.aliyuncs.com', 'sendevent-fc.eventbridge.aliyuncs.com'],
};

/**
 * Returns the triggers of a function that act by themselves; HTTP ones wait for requests. Throws a
 * LocalCloudError for one that cannot run here.
 */
export function createTriggers(fn: FunctionSpec, options: CreateTriggersOptions): Trigger[] {
  return fn.triggers.flatMap((trigger): Trigger[] => {
    if (trigger.type === 'http') {
      if (trigger.authType === 'jwt') jwtConfigOf(trigger);
      return [];
    }
    if (trigger.type === 'timer') {
      const origin = `Timer trigger "${trigger.name}"`;
      return [
        new TimerTrigger({
          ...options,
          fn,
          trigger,
          invokeAsync: (event) => void options.invokeAsync(event, origin).catch(options.report),
          onError: options.report,
        }),
      ];
    }
    checkRole(fn, trigger, options);
    return [createSourced(fn, trigger, options)];
  });
}

function createSourced(
  fn: FunctionSpec,
  trigger: SourcedSpec,
  options: CreateTriggersOptions,
): Trigger {
  const { sources, say, report } = options;
  if (!sources)
    throw new LocalCloudError(
      'NoEventSource',
      `${nameOf(fn, trigger)} has no source here`,
      'start the whole local cloud, whose services it listens to',
    );
  const origin = `Trigger "${trigger.name}"`;
  const invokeAsync = (event: Buffer): Promise<void> => options.invokeAsync(event, origin);
  const onError = report;
  switch (trigger.type) {
    case 'oss': {
      const id = ruleId(fn.name, trigger.name);
      return new OssTrigger({
        ...options,
        trigger,
        sources,
        ruleId: id,
        invokeAsync: (event) => void invokeAsync(event).catch(report),
        onError,
      });
    }
    case 'mns_topic':
      return new TopicTrigger({ ...options, trigger, sources, invokeAsync, onError });
    case 'eventbridge':
      return new QueueTrigger({
        ...options,
        trigger,
        timeout: fn.timeout,
        queues: sources.queues,
        invokeAsync,
        say: (text) => say(`${origin}: ${text}`),
      });
  }
}

/**
 * Checks the role as which the source invokes, if one is given: it must trust the source and allow
 * the invocation.
 */
function checkRole(
  fn: FunctionSpec,
  trigger: SourcedSpec,
  { checkRole, place }: CreateTriggersOptions,
): void {
  const { invocationRole: role, type } = trigger;
  if (role === undefined || !checkRole) return;
  const reason = checkRole({
    role,
    services: INVOKERS[type],
    action: 'fc:InvokeFunction',
    resource: `acs:fc:${place}:functions/${fn.name}`,
  });
  if (!reason) return;
  throw new LocalCloudError(
    'InvocationRole',
    `${nameOf(fn, trigger)} cannot invoke as role "${role}": ${reason}`,
    `let ${INVOKERS[type][0]} assume the role, and allow it fc:InvokeFunction`,
  );
}

function nameOf(fn: FunctionSpec, { name, source }: SourcedSpec): string {
  return `Trigger "${name}" of function "${fn.name}" (${source})`;
}
