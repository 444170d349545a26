import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProject } from 'fc-local/project';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '#test/repository';

interface Rule {
  Namespace: string;
  MetricName: string;
  Resources: object[];
  Escalations: { Critical: object };
}

const { Resources, Parameters } = parse(readFileSync(join(ROOT, 'infra/template.yaml'), 'utf8'));
const resources = Object.entries<{ Type: string; Condition?: string; Properties: Rule }>(Resources);
const alarms = resources.filter(([, { Type }]) => String(Type).startsWith('ALIYUN::CMS::'));

/**
 * Metrics by the pages of FC ("Monitoring data") and of CloudMonitor (Message Service), with the dimensions
 * that name a resource there.
 */
const METRICS: Record<string, { metrics: string[]; dimensions: string[] }> = {
  acs_fc: {
    metrics: ['RegionFunctionErrors', 'RegionThrottles'],
    dimensions: ['region', 'userId'],
  },
  acs_mns_new: { metrics: ['ActiveMessages'], dimensions: ['queue', 'region', 'userId'] },
};

/** Properties of the types, by the ROS reference. */
const PROPERTIES: Record<string, string[]> = {
  'ALIYUN::CMS::Contact': ['ContactName', 'Describe', 'Channels'],
  'ALIYUN::CMS::ContactGroup': ['ContactGroupName', 'Describe', 'ContactNames'],
  'ALIYUN::CMS::ResourceMetricRule': [
    'RuleName',
    'Namespace',
    'MetricName',
    'Resources',
    'ContactGroups',
    'Webhook',
    'Period',
    'SilenceTime',
    'Escalations',
  ],
};

it('alarms are off unless an address is given, and then cover dead letters, backlog, errors and throttling', () => {
  expect(Parameters.AlarmEmail.Default).toBe('');
  expect(alarms.map(([id]) => id)).toEqual([
    'AlarmContact',
    'AlarmContacts',
    'DeadLettersAlarm',
    'BacklogAlarm',
    'FunctionErrorsAlarm',
    'ThrottlesAlarm',
  ]);
  for (const [, alarm] of alarms) expect(alarm.Condition).toBe('AlarmsAreOn');
});

it('alarms name properties, metrics and dimensions as they are documented', () => {
  for (const [id, { Type, Properties }] of alarms) {
    const known = PROPERTIES[String(Type)] ?? [];
    expect([id, Object.keys(Properties).filter((name) => !known.includes(name))]).toEqual([id, []]);
    if (Type !== 'ALIYUN::CMS::ResourceMetricRule') continue;
    const { Namespace, MetricName, Resources: named, Escalations } = Properties;
    expect([id, METRICS[Namespace]?.metrics.includes(MetricName)]).toEqual([id, true]);
    for (const one of named)
      expect(Object.keys(one).sort()).toEqual(METRICS[Namespace]?.dimensions);
    expect(Object.keys(Escalations.Critical).sort()).toEqual([
      'ComparisonOperator',
      'Statistics',
      'Threshold',
      'Times',
    ]);
  }
});

it('the local cloud reads alarms and makes none: silently while they are off, with their line when on', async () => {
  const read = (env: NodeJS.ProcessEnv) => readProject({ dir: ROOT, accountId: '1', env });
  expect((await read({})).warnings).toEqual([]);
  const { warnings } = await read({ ALARM_EMAIL: 'ann@example.com' });
  expect(warnings).toHaveLength(alarms.length);
  expect(warnings[0]).toMatch(
    /"AlarmContact" is not made here: resources of type ALIYUN::CMS::Contact/,
  );
});
