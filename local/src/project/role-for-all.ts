import type { RoleSpec } from './types.ts';

/** Trusted services of an unknown role: those that assume roles, besides the account itself. */
const SERVICES = [
  'fc.aliyuncs.com',
  'oss.aliyuncs.com',
  'mns.aliyuncs.com',
  'eventbridge.aliyuncs.com',
  'sendevent-fc.eventbridge.aliyuncs.com',
];

/** A policy that allows everything. */
export const ALLOW_ALL = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** Returns a role that allows everything, in place of one whose permissions are not known. */
export function roleForAll(name: string, accountId: string): RoleSpec {
  const principal = { Service: SERVICES, RAM: [`acs:ram::${accountId}:root`] };
  return {
    name,
    trust: {
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal }],
    },
    policies: [{ name: 'everything', document: ALLOW_ALL }],
  };
}
