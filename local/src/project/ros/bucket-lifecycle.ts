import { MAX_LIFECYCLE_DAYS } from '../../oss/limits.ts';
import { Fields } from '../fields.ts';
import type { Warn } from '../findings.ts';
import type { LifecycleAge, LifecycleRule } from '../types.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Reads the LifecycleConfiguration of an ALIYUN::OSS::Bucket; undefined when there is none. */
export function readLifecycle(bucket: Fields, warn: Warn): LifecycleRule[] | undefined {
  const configuration = bucket.map('LifecycleConfiguration')?.only(['Rule']);
  if (!configuration) return undefined;
  configuration.require('Rule');
  const rules = configuration.list('Rule').flatMap((tree, index) => {
    const rule = new Fields(tree, `${configuration.owner}, rule ${index + 1}`);
    return asksForOther(rule, warn) ? [] : readRule(rule, index + 1);
  });
  const twice = rules.find(({ id }, index) => rules.findIndex((rule) => rule.id === id) < index);
  if (twice)
    throw configuration.fault('Rule', `has the ID "${twice.id}" twice`, 'give each its own');
  return rules;
}

function readRule(rule: Fields, number: number): LifecycleRule {
  rule.only([
    'ID',
    'Prefix',
    'Status',
    'Expiration',
    'AbortMultipartUpload',
    'Filter',
    'Transition',
  ]);
  const prefix = rule.require('Prefix');
  if (prefix.kind !== 'scalar' || typeof prefix.value !== 'string')
    throw rule.wrong('Prefix', prefix, "write a text, '' for all keys");
  const expiration = readAge(rule, 'Expiration');
  const abortMultipartUpload = readAge(rule, 'AbortMultipartUpload');
  if (!expiration && !abortMultipartUpload)
    throw rule.fault('Status', 'says nothing to do', 'give Expiration or AbortMultipartUpload');
  return {
    id: rule.string('ID') ?? `rule-${number}`,
    prefix: prefix.value,
    enabled: (rule.oneOf('Status', ['Enabled', 'Disabled']) ?? 'Enabled') === 'Enabled',
    tags: [],
    ...(expiration && { expiration }),
    ...(abortMultipartUpload && { abortMultipartUpload }),
  };
}

/**
 * Returns whether the rule does something not implemented here; it is then left out, with a
 * warning.
 */
function asksForOther(rule: Fields, warn: Warn): boolean {
  const key = ['Filter', 'Transition'].find((one) => rule.has(one));
  if (key === undefined) return false;
  const { source } = rule.get(key) ?? rule;
  warn(
    source,
    `${rule.owner} has no effect here: ${key} is not done by the local cloud: use Prefix, Expiration and AbortMultipartUpload`,
  );
  return true;
}

function readAge(rule: Fields, key: string): LifecycleAge | undefined {
  const age = rule.map(key)?.only(['Days', 'CreatedBeforeDate']);
  if (!age) return undefined;
  const days = age.integer('Days', { min: 1, max: MAX_LIFECYCLE_DAYS });
  const date = age.string('CreatedBeforeDate');
  if ((days === undefined) === (date === undefined))
    throw rule.fault(key, 'is not clear', 'give either Days or CreatedBeforeDate');
  if (days !== undefined) return { days };
  const createdBefore = Date.parse(date ?? '');
  if (createdBefore % DAY_MS === 0) return { createdBefore };
  throw age.fault('CreatedBeforeDate', `is "${date}"`, 'write it as 2026-01-31T00:00:00.000Z');
}
