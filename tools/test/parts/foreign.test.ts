import { expect, it } from 'vitest';
import { removed } from '#src/parts/remove';
import { differing, plus } from './catalog.ts';

/** Formatted as no formatter would do it. */
const SERVERLESS = `# ours
edition: 3.0.0
name:   theirs
access: "default"   # the team's

resources:
    hello:   # says hello
        component: fc3
        props: { region: cn-hangzhou, functionName: hello, runtime: nodejs20,
                 handler: index.handler, code: ./dist/hello }
`;
const THEIR_TEMPLATE = `ROSTemplateFormatVersion: '2015-09-01'
Resources:
  Their Table: {Type: 'ALIYUN::OTS::Instance', Properties: {InstanceName: x}}   # by hand
`;
const STACK = `    cloud:
        component: ros
        props: { region: cn-hangzhou, name: theirs, template: ./ros/main.yaml }
`;

it('adds to a user’s own project, keeps every existing byte, and leaves nothing after removal', () => {
  const files = new Map([['s.yaml', SERVERLESS]]);
  const more = plus(files, 'queue-consumer');
  for (const line of SERVERLESS.split('\n')) expect(more.get('s.yaml')).toContain(line);
  expect(more.get('s.yaml')).toContain('    infra:\n');
  expect(more.get('infra/template.yaml')).toContain('OrdersQueue:');
  expect(differing(files, removed(more, ['queue-consumer']))).toEqual([]);
});

it('uses the existing stack and template', () => {
  const files = new Map([
    ['s.yaml', SERVERLESS + STACK],
    ['ros/main.yaml', THEIR_TEMPLATE],
  ]);
  const more = plus(files, 'topic-publisher');
  expect(more.has('infra/template.yaml')).toBe(false);
  expect(more.get('ros/main.yaml')).toContain('Properties: {InstanceName: x}}   # by hand\n');
  expect(more.get('ros/main.yaml')).toContain('  OrdersTopic:\n');
  expect(more.get('s.yaml')).toContain(`\${resources.cloud.output.TopicName}`);
  expect(differing(files, removed(more, ['topic-publisher']))).toEqual([]);
});
