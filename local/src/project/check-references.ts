import { invalidProject } from './invalid-project.ts';
import { nearest } from './nearest.ts';
import type { DestinationSpec, FunctionSpec, Project, TriggerSpec } from './types.ts';

type Kind = 'bucket' | 'topic' | 'queue' | 'role' | 'function';

/** Refuses triggers and destinations that name what no template and no function declares. */
export function checkReferences(project: Project): void {
  const names: Record<Kind, readonly string[]> = {
    bucket: project.buckets.map(({ name }) => name),
    topic: project.topics.map(({ name }) => name),
    queue: project.queues.map(({ name }) => name),
    role: project.roles.map(({ name }) => name),
    function: project.functions.map(({ name }) => name),
  };
  const check = (kind: Kind, name: string | undefined, source: string, owner: string): void => {
    if (name === undefined || names[kind].includes(name)) return;
    const meant = nearest(name, names[kind]);
    throw invalidProject(
      source,
      `${owner} names the ${kind} "${name}", which nothing declares`,
      meant ? `did you mean ${meant}?` : `name one of ${names[kind].join(', ') || 'a template'}`,
    );
  };

  for (const fn of project.functions) {
    for (const { kind, name, source } of destinationsOf(fn))
      check(kind, name, source, `Function "${fn.resource}", asyncInvokeConfig`);
    for (const trigger of fn.triggers) {
      if (trigger.type === 'http' || trigger.type === 'timer') continue;
      const owner = `Function "${fn.resource}", trigger "${trigger.name}"`;
      for (const [kind, name] of namedBy(trigger)) check(kind, name, trigger.source, owner);
    }
  }
}

function destinationsOf({ asyncInvoke }: FunctionSpec): DestinationSpec[] {
  return [asyncInvoke?.onSuccess, asyncInvoke?.onFailure].filter((one) => one !== undefined);
}

function namedBy(
  trigger: Exclude<TriggerSpec, { type: 'http' | 'timer' }>,
): [Kind, string | undefined][] {
  const role: [Kind, string | undefined] = ['role', trigger.invocationRole];
  switch (trigger.type) {
    case 'oss':
      return [role, ['bucket', trigger.bucket]];
    case 'mns_topic':
      return [role, ['topic', trigger.topic]];
    case 'eventbridge':
      return [role, ['queue', trigger.queue], ['queue', trigger.deadLetterQueue]];
  }
}
