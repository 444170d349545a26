import type { Access } from './noted-request.ts';

/**
 * Returns a statement that allows what was refused, as an item of a policy's `Statement` in YAML,
 * on one line: for any region and account, and for an object its folder.
 */
export function policyLine({ action, resource }: Pick<Access, 'action' | 'resource'>): string {
  // SMQ checks a batch's own action and that of its single operation.
  const [, single] = /^mns:Batch(\w+)$/.exec(action) ?? [];
  const statement = {
    Effect: 'Allow',
    Action: single === undefined ? [action] : [action, `mns:${single}`],
    Resource: [anywhere(resource)],
  };
  return `- ${JSON.stringify(statement)}`;
}

function anywhere(resource: string): string {
  const [, service = '', what = ''] = /^acs:([^:]*):[^:]*:[^:]*:(.*)$/s.exec(resource) ?? [];
  if (service === '') return resource;
  const folder = service === 'oss' ? /^[^/]+\/.*\//s.exec(what)?.[0] : undefined;
  // A role or a user has no region, and its account is part of its name.
  if (service === 'ram') return resource;
  return `acs:${service}:*:*:${folder === undefined ? what : `${folder}*`}`;
}
