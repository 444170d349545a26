import { randomUUID } from 'node:crypto';
import { childText } from '../xml/children.ts';
import type { XmlElement } from '../xml/parse.ts';
import type { XmlValue } from '../xml/write.ts';
import { isoSeconds } from './answers.ts';
import { overlapping } from './core/lifecycle-rules.ts';
import { invalidArgument, OssError } from './errors.ts';
import { MAX_LIFECYCLE_RULES } from './limits.ts';
import type { LifecycleAge, LifecycleRule } from './spec.ts';

/** Throws MalformedXML or InvalidArgument. */
export function readLifecycle(body: XmlElement, allowOverlap: boolean): LifecycleRule[] {
  const rules = body.children.filter(({ name }) => name === 'Rule').map(readRule);
  if (rules.length === 0 || rules.length > MAX_LIFECYCLE_RULES) throw new OssError('MalformedXML');
  if (new Set(rules.map(({ id }) => id)).size < rules.length)
    throw new OssError('InvalidArgument', { message: 'Rule ID must be unique' });
  const pair = allowOverlap ? undefined : overlapping(rules);
  if (pair)
    throw new OssError('InvalidArgument', {
      message: `Overlap for same action type: the rules "${pair[0].id}" and "${pair[1].id}"; send x-oss-allow-same-action-overlap: true to have both`,
    });
  return rules;
}

function readRule(element: XmlElement): LifecycleRule {
  const status = childText(element, 'Status')?.trim();
  if (status !== 'Enabled' && status !== 'Disabled') throw new OssError('MalformedXML');
  const prefix = childText(element, 'Prefix') ?? '';
  const expiration = readAge(element, 'Expiration');
  const abortMultipartUpload = readAge(element, 'AbortMultipartUpload');
  if (!expiration && !abortMultipartUpload) throw new OssError('MalformedXML');
  const tags = element.children.filter(({ name }) => name === 'Tag').map(readTag);
  if (tags.length > 0 && abortMultipartUpload)
    throw new OssError('InvalidArgument', {
      message: 'AbortMultipartUpload cannot be specified together with Tag',
    });
  return {
    id: childText(element, 'ID')?.trim() || randomUUID(),
    prefix,
    enabled: status === 'Enabled',
    tags,
    ...(expiration && { expiration }),
    ...(abortMultipartUpload && { abortMultipartUpload }),
  };
}

function readTag(element: XmlElement): [string, string] {
  const key = childText(element, 'Key');
  if (!key) throw new OssError('MalformedXML');
  return [key, childText(element, 'Value') ?? ''];
}

function readAge(rule: XmlElement, name: string): LifecycleAge | undefined {
  const element = rule.children.find((child) => child.name === name);
  if (!element) return undefined;
  const [child, ...more] = element.children;
  const text = child?.text.trim() ?? '';
  if (!child || more.length > 0) throw new OssError('MalformedXML');
  if (child.name === 'Days') {
    if (/^[1-9]\d{0,8}$/.test(text)) return { days: Number(text) };
    throw invalidArgument('Days', text, 'give a whole number above 0');
  }
  if (child.name === 'CreatedBeforeDate') {
    const createdBefore = Date.parse(text);
    if (createdBefore % 86_400_000 === 0) return { createdBefore };
    throw invalidArgument('CreatedBeforeDate', text, 'give midnight UTC of a day');
  }
  throw new OssError('MalformedXML');
}

export function renderLifecycle(rules: readonly LifecycleRule[]): XmlValue {
  return {
    Rule: rules.map((rule) => ({
      ID: rule.id,
      Prefix: rule.prefix,
      Status: rule.enabled ? 'Enabled' : 'Disabled',
      Tag: rule.tags.map(([Key, Value]) => ({ Key, Value })),
      Expiration: renderAge(rule.expiration),
      AbortMultipartUpload: renderAge(rule.abortMultipartUpload),
    })),
  };
}

function renderAge(age: LifecycleAge | undefined): XmlValue {
  if (!age) return undefined;
  return 'days' in age ? { Days: age.days } : { CreatedBeforeDate: isoSeconds(age.createdBefore) };
}
