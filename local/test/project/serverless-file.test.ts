import { describe, expect, it } from 'vitest';
import { oneFunction, oneStack, readFiles, refusalOf } from './project-folder.ts';

const HEAD = `vars:
  region: cn-hangzhou
  seconds: 7
  prefix: \${vars.region}-x
  from-env: \${env('SOME', 'default')}
  nested: { a: { b: deep } }
  list: [1, 2]
`;

/**
 * Returns the description of the function, with that expression in it: any text is valid for it.
 */
async function filled(
  expression: string,
  env: NodeJS.ProcessEnv = {},
): Promise<string | undefined> {
  const props = `environmentVariables:\n  VALUE: ${expression}`;
  const { functions } = await readFiles(oneFunction(props, HEAD), { env });
  return functions[0]?.environmentVariables.VALUE;
}

const refused = (expression: string) =>
  refusalOf(oneFunction(`environmentVariables:\n  VALUE: ${expression}`, HEAD));

describe('an expression', () => {
  it.each([
    [`\${vars.region}`, 'cn-hangzhou'],
    [`a \${vars.seconds} b`, 'a 7 b'],
    [`\${vars.prefix}`, 'cn-hangzhou-x'],
    [`\${vars.nested.a.b}`, 'deep'],
    [`\${vars.region}/\${vars.from-env}`, 'cn-hangzhou/default'],
    [`\${env('SOME', 'x')}`, 'x'],
    [`\${env("SOME", "it's")}`, "it's"],
    [`\${env('SOME','')}y`, 'y'],
    [`\${config('AccountID')}`, '42'],
    [`\${config("AccountID")}`, '42'],
    [`\${env('NONE', env('SOME', 'inner'))}`, 'inner'],
    [`\${env('NONE', vars.region)}`, 'cn-hangzhou'],
    [`\${this.name}-\${this.component}`, 'one-fc3'],
    [`\${str('5')}`, '5'],
    [`\${json('"x"')}`, 'x'],
    [`\${resources.one.output.functionArn}`, 'acs:fc:cn-hangzhou:42:functions/one'],
    [`\${this.props.functionName}`, 'one'],
    [`\${this.props.environmentVariables.OTHER}`, undefined],
    [`\${resources.one.props.code}`, './dist/one'],
    [`\${resources.one.output.functionName}`, 'one'],
    ['text with $ and {braces}', 'text with $ and {braces}'],
  ])('%s is filled in', async (expression, value) => {
    if (value === undefined) expect(await refused(expression)).toMatch(/is not defined/);
    else expect(await filled(expression)).toBe(value);
  });

  it('takes a variable of the environment before the default', async () => {
    expect(await filled(`\${env('SOME', 'x')}`, { SOME: 'set' })).toBe('set');
  });

  it('takes what a .env beside s.yaml adds, the environment first', async () => {
    const files = oneFunction(`environmentVariables:\n  A: \${env('A')}\n  B: \${env('B')}`);
    const project = await readFiles(
      { ...files, '.env': 'A=file\nB=file\n' },
      { env: { B: 'process' } },
    );
    expect(project.functions[0]?.environmentVariables).toEqual({ A: 'file', B: 'process' });
  });

  it('takes a .env beside the code before the one beside s.yaml, and none when there is to be none', async () => {
    const files = {
      ...oneFunction(`environmentVariables:\n  A: \${env('A', 'none')}`),
      '.env': 'A=root\n',
      'dist/one/.env': 'A=code\n',
    };
    const variableWith = async (dotEnv: boolean) =>
      (await readFiles(files, { dotEnv })).functions[0]?.environmentVariables.A;
    expect(await variableWith(true)).toBe('code');
    expect(await variableWith(false)).toBe('none');
  });

  it('keeps its type when it is the whole value', async () => {
    const { functions } = await readFiles(oneFunction(`timeout: \${vars.seconds}`, HEAD));
    expect(functions[0]?.timeout).toBe(7);
  });

  it.each([
    [
      `\${env('MISSING')}`,
      /^s\.yaml:20: the environment has no MISSING: set it, or give a default/,
    ],
    [`\${vars.nothing}`, /^s\.yaml:20: \$\{vars\.nothing\} is not defined: define vars\.nothing/],
    [`\${vars.region.x}`, /is not defined/],
    [`x\${vars.list}`, /^s\.yaml:20: \$\{vars\.list\} is a list inside a text/],
    [`\${resources.none.props.x}`, /^s\.yaml:20: there is no resource "none"/],
    [`\${this.props.environmentVariables.VALUE}`, /depends on itself: break the circle/],
    [`\${file('x')}`, /^s\.yaml:20: there is no file x/],
    [`\${vars.constructor}`, /is not defined/],
  ])('%s is refused', async (expression, message) => {
    expect(await refused(expression)).toMatch(message);
  });
});

describe('a variable that only the cloud or the deploy tool knows', () => {
  it.each([
    [`\${ vars.region }`, /\$\{ vars\.region \} is not known here/],
    [`\${vars}`, /\$\{vars\} is not known here/],
    [`\${constructor}`, /\$\{constructor\} is not known here/],
    [`\${config('AccessKeySecret')}`, /config\('AccessKeySecret'\)\} is not known here/],
    [`\${secret('x')}`, /is known only to the deploy tool/],
    [`\${resources.one.info.url}`, /is known only in the cloud/],
    [
      `\${resources.one.output.url.system_url}`,
      /the output "url\.system_url" of "one" is known only in the cloud/,
    ],
  ])('%s has a placeholder, and is warned of', async (expression, message) => {
    const files = oneFunction(`environmentVariables:\n  VALUE: ${expression}`, HEAD);
    const { functions, warnings } = await readFiles(files, { strict: true });
    expect(functions[0]?.environmentVariables.VALUE).toBe('known-only-in-the-cloud');
    expect(warnings.join('\n')).toMatch(
      /^s\.yaml:20: Function "one", environmentVariables: VALUE is/,
    );
    expect(warnings.join('\n')).toMatch(message);
  });

  it('leaves the function out where it decides how the function runs', async () => {
    const files = oneFunction(`timeout: \${resources.one.output.seconds}`);
    const { functions, leftOut } = await readFiles(files);
    expect(functions).toEqual([]);
    expect(leftOut).toMatchObject([{ what: 'Function "one"', source: 's.yaml:12' }]);
  });

  it('is not asked for where nothing here depends on it', async () => {
    const files = oneFunction(`vpcConfig: \${resources.vpc.output.all}\ntags: \${vars.nothing}`);
    expect((await readFiles(files)).functions).toHaveLength(1);
  });
});

describe('a template', () => {
  const head = `template:
  base:
    timeout: 30
    tags: [{ key: a, value: b }]
    environmentVariables: { A: '1', B: '1' }
`;
  const extending = (props: string) => {
    const files = oneFunction(props, head);
    return {
      's.yaml': (files['s.yaml'] ?? '').replace(
        'component: fc3',
        'component: fc3\n    extend: { name: base }',
      ),
    };
  };

  it('gives its props to the function that extends it, which may change each', async () => {
    const { functions } = await readFiles(extending("environmentVariables: { B: '2', C: '2' }"));
    expect(functions[0]).toMatchObject({
      timeout: 30,
      environmentVariables: { A: '1', B: '2', C: '2' },
    });
    const other = await readFiles(extending('timeout: 5'));
    expect(other.functions[0]?.timeout).toBe(5);
  });

  it('may use the outputs of a stack', async () => {
    const stack = oneStack(
      'Queue: { Type: ALIYUN::MNS::Queue, Properties: { QueueName: q } }',
      'Outputs:\n  Name: { Value: !GetAtt Queue.QueueName }\n',
    );
    const [, infra = ''] = (stack['s.yaml'] ?? '').split('resources:\n');
    const text = extending('timeout: 5')['s.yaml'].replace(
      "A: '1'",
      `A: '\${resources.infra.output.Name}'`,
    );
    const { functions } = await readFiles({ ...stack, 's.yaml': text + infra });
    expect(functions[0]?.environmentVariables).toEqual({ A: 'q', B: '1' });
  });

  it('may not use this, as the deploy tool knows none there', async () => {
    const text = extending('timeout: 5')['s.yaml'].replace("A: '1'", `A: '\${this.props.timeout}'`);
    expect(await refusalOf({ 's.yaml': text })).toMatch(
      /\$\{this\.props\.timeout\} has no meaning outside of a resource/,
    );
  });

  it('that does not exist is refused, and ignored parts of one are left out', async () => {
    const text = extending('')['s.yaml'];
    expect(await refusalOf({ 's.yaml': text.replace('name: base', 'name: other') })).toMatch(
      /extend: name is "other": name an entry under template/,
    );
    const ignoring = text.replace('name: base', 'name: base, ignore: [timeout]');
    expect((await readFiles({ 's.yaml': ignoring })).functions[0]).toMatchObject({
      timeout: 3,
      environmentVariables: { A: '1', B: '1' },
    });
  });
});

it('merge keys and aliases have their YAML meaning', async () => {
  const files = oneFunction(
    'environmentVariables:\n  <<: *shared\n  B: own',
    'vars:\n  shared: &shared { A: shared, B: shared }\n',
  );
  const { functions } = await readFiles(files);
  expect(functions[0]?.environmentVariables).toEqual({ A: 'shared', B: 'own' });
});
