import type { Fields } from '../fields.ts';
import { roleName } from '../role-name.ts';

export type ResourceKind = 'bucket' | 'topic' | 'queue' | 'function';

/** Pattern of each ARN; regions and accounts are not compared, the local cloud has one of each. */
const ARNS: Record<ResourceKind, { pattern: RegExp; form: string }> = {
  bucket: {
    pattern: /^acs:oss:[^:]*:[^:]*:([a-z0-9][a-z0-9-]{1,61}[a-z0-9])$/,
    form: 'acs:oss:<region>:<account>:<bucket>',
  },
  topic: {
    pattern: /^acs:mns:[^:]*:[^:]*:\/?topics\/([A-Za-z][A-Za-z0-9-]*)$/,
    form: 'acs:mns:<region>:<account>:/topics/<topic>',
  },
  queue: {
    pattern: /^acs:mns:[^:]*:[^:]*:\/?queues\/([A-Za-z0-9][A-Za-z0-9-]*)$/,
    form: 'acs:mns:<region>:<account>:/queues/<queue>',
  },
  function: {
    pattern: /^acs:fc:[^:]*:[^:]*:functions\/([\w-]+)(?:\/[\w-]+)?$/,
    form: 'acs:fc:<region>:<account>:functions/<function>',
  },
};

/** Returns the name in an ARN of that kind, or undefined. */
export function nameInArn(kind: ResourceKind, arn: string): string | undefined {
  return ARNS[kind].pattern.exec(arn)?.[1];
}

/** Returns the form of an ARN of that kind, for messages. */
export function arnForm(kind: ResourceKind): string {
  return ARNS[kind].form;
}

/** Returns the resource that an ARN under `key` names. Throws for one of another form. */
export function readArn(fields: Fields, key: string, kind: ResourceKind): string {
  const arn = fields.requireString(key);
  const name = nameInArn(kind, arn);
  if (name !== undefined) return name;
  throw fields.fault(key, `is "${arn}"`, `write ${arnForm(kind)}`);
}

/** Reads the properties that triggers with a source share. */
export function readSourced(fields: Fields) {
  const invocationRole = fields.string('invocationRole');
  return {
    name: fields.requireString('triggerName'),
    source: fields.get('triggerName')?.source ?? fields.source,
    ...(invocationRole !== undefined && {
      invocationRole: roleName(fields, 'invocationRole', invocationRole),
    }),
  };
}
