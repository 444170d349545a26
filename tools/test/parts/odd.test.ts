import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { removed } from '#src/parts/remove';
import { differing, plus } from './catalog.ts';

const HELLO = `  hello:
    component: fc3
    props:
      region: cn-hangzhou
      functionName: hello
      runtime: nodejs20
      handler: index.handler
      code: ./code
`;
const USING = HELLO.replace('cn-hangzhou', `\${vars.region}`).replace(
  'functionName: ',
  `functionName: \${vars.app}-`,
);
const FLOW =
  '{component: fc3, props: {region: cn-hangzhou, functionName: hello, runtime: nodejs20, handler: index.handler, code: ./code}}';
const BEGIN = 'edition: 3.0.0\nname: theirs\n';
const PLAIN = `${BEGIN}resources:\n${HELLO}`;

const ODD: Record<string, string> = {
  'with CR LF': `# ours\n\n${PLAIN}`.replaceAll('\n', '\r\n'),
  'without a line break at its end': `${BEGIN}resources:\n  hello: ${FLOW}`,
  'with a byte order mark': `\ufeff${PLAIN}`,
  'with anchors and merged maps': PLAIN.replace('hello:', 'base: &base').concat(
    '  other:\n    <<: *base\n',
  ),
  'with the marks of a document': `%YAML 1.2\n---\n${PLAIN}...\n`,
  'in braces': `{edition: 3.0.0, name: theirs, resources: {hello: ${FLOW}}}\n`,
  'with resources in braces over lines': `${BEGIN}resources: {\n  hello: ${FLOW},\n}\n`,
  'in JSON': `${JSON.stringify(parse(PLAIN), null, 2)}\n`,
  'with vars of its own': `${BEGIN.replace('theirs', `\${env('NAME', 'theirs')}`)}vars:\n  region: cn-beijing\n  app: x\nresources:\n${USING}`,
  'with vars that nothing uses': `${BEGIN}vars:\n  region: cn-beijing\n  app: x\nresources:\n${HELLO}`,
  'with vars in braces': `${BEGIN}vars: {region: cn-beijing, app: x}   # here\nresources:\n${USING}`,
  'with a template of another kind': `${BEGIN}template:\n  function:\n    runtime: python3.10\nresources:\n${HELLO}`,
  'with comments in odd places': `# first\n\nedition: 3.0.0 # e\nname: theirs\n# before\n\nresources: # r\n# odd\n      # deep\n${HELLO.replace('\n    props', '\n        # odd\n    props')}  # last of resources\n# last\n\n# more\n`,
  'with blank lines': `${BEGIN}\n\n\nresources:\n\n\n${HELLO}\n\n\n`,
  'without resources': BEGIN,
  'with resources first': `resources:\n${HELLO}\n${BEGIN}`,
  'with four blanks a step': PLAIN.replace(/^ +/gm, (blanks) => blanks + blanks),
  'with a text in lines': `${PLAIN}      description: |\n        text\n        # no comment\n\n`,
  'with a text that keeps its blank lines': `${PLAIN}      description: |+\n        text\n\n\n`,
  'with a folded text': `${PLAIN}      description: >-\n        text\n        more\n`,
  'with quoted keys': PLAIN.replace(/^( *)(\w+):/gm, '$1"$2":'),
  'with tabs ahead of comments': PLAIN.replace('theirs', 'theirs\t# t').replace(': 3', ':\t3'),
  'with names of other letters': PLAIN.replace('theirs', '我的应用'),
  'with a resource of another component': `${PLAIN}  domain:\n    component: fc3-domain\n    props: {region: cn-hangzhou, domainName: auto}\n`,
};

it.each(Object.entries(ODD))('an s.yaml %s takes functions and gives them back', (_, text) => {
  const before = new Map([['s.yaml', text]]);
  const theirs = parse(text, { merge: true });
  for (const name of ['queue-consumer', 'oss-event-handler']) {
    const more = plus(before, name);
    const written = more.get('s.yaml') ?? '';
    const ours = parse(written, { merge: true });
    for (const key of Object.keys(theirs)) {
      if (typeof theirs[key] === 'object') expect(ours[key]).toMatchObject(theirs[key]);
      else expect(ours[key]).toEqual(theirs[key]);
    }
    const { extend } = ours.resources[name];
    expect(ours.template[extend.name]).toMatchObject({ runtime: 'nodejs20' });
    expect(ours.resources.infra.component).toBe('ros');
    if (text.includes('\r')) expect(written).not.toMatch(/(?<!\r)\n/);
    expect(differing(more, plus(more, name))).toEqual([]);
    const two = plus(more, 'topic-publisher');
    expect(differing(more, removed(two, ['topic-publisher']))).toEqual([]);
    expect(differing(before, removed(more, [name]))).toEqual([]);
  }
});

it.each([
  ['with several documents', `${PLAIN}---\na: 1\n`, 's.yaml has several documents'],
  [
    'with resources by an alias',
    `x: &all\n${HELLO}resources: *all\n`,
    's.yaml: resources is *all; write out what it is',
  ],
  ['with an alias of nothing', `${BEGIN}resources: *all\n`, 's.yaml has *all, and no &all'],
  ['that is no YAML', 'resources: [', 's.yaml is not valid YAML'],
])('an s.yaml %s stays unchanged, with the reason', (_, text, message) => {
  expect(() => plus(new Map([['s.yaml', text]]), 'queue-consumer')).toThrow(message);
});

it('refuses to remove what another function has an alias of', () => {
  const [ours = ''] = [plus(new Map([['s.yaml', PLAIN]]), 'queue-consumer').get('s.yaml')];
  const text = ours
    .replace('  queue-consumer:', '  queue-consumer: &base')
    .concat('  other:\n    <<: *base\n');
  expect(() => removed(new Map([['s.yaml', text]]), ['queue-consumer'])).toThrow(
    's.yaml has *base, and no &base ahead of it; write out what it is',
  );
});

it('keeps parts that a resource of another component uses', () => {
  const domain = `  domain:\n    component: fc3-domain\n    props:\n      region: \${vars.region}\n      domainName: '\${resources.infra.output.QueueName}'\n`;
  const more = plus(new Map([['s.yaml', PLAIN]]), 'queue-consumer');
  const files = new Map([...more, ['s.yaml', more.get('s.yaml') + domain]]);
  const left = removed(files, ['queue-consumer']);
  expect(left.get('s.yaml')).toContain(`region: \${env(`);
  expect(left.get('infra/template.yaml')).toContain('  QueueName:\n');
  expect(left.get('infra/template.yaml')).not.toContain('QueueConsumerRole');
});

it.each([2, '\t'])('edits a template in JSON, indented by %j, as JSON', (indent) => {
  const stack = `  infra:\n    component: ros\n    props: {region: cn-hangzhou, name: theirs, template: ./ros/main.json}\n`;
  const table = { Type: 'ALIYUN::OTS::Instance', Properties: { InstanceName: 'x' } };
  const template = { ROSTemplateFormatVersion: '2015-09-01', Resources: { Table: table } };
  const path = 'ros/main.json';
  const before = new Map([
    ['s.yaml', PLAIN + stack],
    [path, `${JSON.stringify(template, null, indent)}\n`],
  ]);
  const more = plus(before, 'queue-consumer');
  const written = JSON.parse(more.get(path) ?? '');
  expect(written).toMatchObject(template);
  expect(written.Resources.OrdersQueue.Type).toBe('ALIYUN::MNS::Queue');
  expect(written.Outputs.QueueName.Value).toBeDefined();
  expect(differing(before, removed(more, ['queue-consumer']))).toEqual([]);
  const none = new Map([['s.yaml', PLAIN + stack]]);
  const made = plus(none, 'queue-consumer');
  expect(JSON.parse(made.get(path) ?? '').Resources.OrdersQueue.Type).toBe('ALIYUN::MNS::Queue');
});
