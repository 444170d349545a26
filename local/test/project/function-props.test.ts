import { describe, expect, it } from 'vitest';
import { oneFunction, readFiles, refusalOf, warningsOf } from './project-folder.ts';

describe('a function', () => {
  it("has the deploy tool's defaults", async () => {
    const { functions } = await readFiles(oneFunction(''));
    expect(functions).toEqual([
      {
        name: 'one',
        resource: 'one',
        codeDir: expect.stringMatching(/^\/.*\/dist\/one$/),
        handler: 'index.handler',
        runtime: 'nodejs20',
        memorySize: 512,
        timeout: 3,
        environmentVariables: {},
        triggers: [],
        source: 's.yaml:4',
      },
    ]);
  });

  it('has its lifecycle hooks', async () => {
    const props = `instanceLifecycleConfig:
  initializer: { handler: index.initialize, timeout: 60 }
  preStop: { handler: index.preStop }`;
    const { functions } = await readFiles(oneFunction(props));
    expect(functions[0]).toMatchObject({
      initializer: { handler: 'index.initialize', timeout: 60 },
      preStop: { handler: 'index.preStop', timeout: 3 },
    });
  });

  it.each<[string, string, RegExp]>([
    ['a timeout of 0', 'timeout: 0', /timeout is 0/],
    ['half a second', 'timeout: 0.5', /timeout is 0\.5/],
    [
      'an odd memory size',
      'memorySize: 500',
      /memorySize is 500: write a whole number from 128 to 32768 in steps of 64/,
    ],
    [
      'a variable of FC',
      "environmentVariables: { FC_REGION: 'x' }",
      /the variable FC_REGION: choose another name/,
    ],
    [
      'a variable with a hyphen',
      "environmentVariables: { A-B: 'x' }",
      /the variable "A-B": use letters, digits and _/,
    ],
    [
      'over 4 KB of variables',
      `environmentVariables: { A: '${'é'.repeat(2048)}' }`,
      /environmentVariables have 4097 bytes/,
    ],
    ['no ARN and no name', 'role: a b', /role is "a b"/],
    [
      'an initializer by handler and by command',
      'instanceLifecycleConfig: { initializer: { handler: a.b, command: [./warm] } }',
      /command is given besides handler: FC takes one of the two/,
    ],
    [
      'an initializer over its limit',
      'instanceLifecycleConfig: { initializer: { handler: a.b, timeout: 301 } }',
      /timeout is 301: write a whole number from 1 to 300/,
    ],
  ])('is refused with %s', async (_, props, message) => {
    expect(await refusalOf(oneFunction(props))).toMatch(message);
  });

  it.each<[string, string, RegExp]>([
    [
      'a misspelt key',
      "enviromentVariables: { A: '1' }",
      /^s\.yaml:12: Function "one" has the unknown key "enviromentVariables", which has no effect here: did you mean environmentVariables\?$/,
    ],
    ['a key of nothing known', 'zzz: 1', /unknown key "zzz", which has no effect here$/],
    ['a key without a value', 'timeout:', /^s\.yaml:12: timeout has no value/],
    ['an empty line for a variable', 'environmentVariables:\n  A:', /A has no value/],
    ['a timeout in quotes', "timeout: '60'", /^s\.yaml:12: .*timeout is in quotes/],
    ['layers', 'layers: [x]', /^s\.yaml:12: Function "one": layers has no effect here$/],
    ['a file system', 'nasConfig: auto', /nasConfig has no effect here$/],
    ['a mounted bucket', 'ossMountConfig: { mountPoints: [] }', /ossMountConfig has no effect/],
    [
      'a number for a variable',
      'environmentVariables: { A: 1 }',
      /^s\.yaml:12: Function "one": the variable A is no text: put its value in quotes/,
    ],
    [
      'a boolean for a variable',
      'environmentVariables:\n  A: true',
      /^s\.yaml:13: .*the variable A is no text/,
    ],
    [
      'a role that no template has',
      'role: acs:ram::42:role/Mine',
      /^s\.yaml:4: no template has the role "Mine": .*everything is allowed here$/,
    ],
    [
      'an initializer by command on a runtime that is built in',
      'instanceLifecycleConfig: { initializer: { command: [./warm] } }',
      /command has no effect on a runtime that is built in/,
    ],
    ['an unknown hook', 'instanceLifecycleConfig: { preFreeze: {} }', /unknown key "preFreeze"/],
    [
      'an unknown key of asyncInvokeConfig',
      'asyncInvokeConfig: { maxRetries: 1 }',
      /asyncInvokeConfig has the unknown key "maxRetries"/,
    ],
    [
      'several requests at a time on a runtime that is built in',
      'instanceConcurrency: 20',
      /instanceConcurrency has no effect on a runtime that is built in/,
    ],
    ['a custom runtime of none', 'customRuntimeConfig: { port: 80 }', /customRuntimeConfig has no/],
  ])('is read with %s, which is warned of', async (_, props, message) => {
    expect(await warningsOf(oneFunction(props))).toMatch(message);
  });

  it.each(['instanceConcurrency: 1', "role: ''", 'instanceConcurrency:', 'layers: []'])(
    'is read with %s as without',
    async (props) => {
      const { functions } = await readFiles(oneFunction(props), { strict: true });
      expect(functions).toEqual([
        { ...(await readFiles(oneFunction(''))).functions[0], codeDir: expect.any(String) },
      ]);
    },
  );

  it('takes a role that is not known for one that may do everything, and says so once', async () => {
    const { roles, warnings } = await readFiles(oneFunction('role: somebody'));
    expect(roles).toMatchObject([
      { name: 'somebody', policies: [{ document: { Statement: [{ Action: '*' }] } }] },
    ]);
    expect(warnings).toHaveLength(1);
  });

  it.each<[string, string, string, RegExp]>([
    ['no code', '      code: ./dist/one\n', '', /^s\.yaml:4: Function "one" has no code: add code/],
    [
      'code that is no folder',
      './dist/one',
      '{ ossBucketName: a }',
      /code: ossBucketName names code in OSS, which is not fetched here/,
    ],
    ['a runtime of Java', 'nodejs20', 'java11', /^s\.yaml:9: .*runtime "java11" is not run here/],
    [
      'a runtime that there is not',
      'nodejs20',
      'nodejs22',
      /runtime "nodejs22" is not known to the local cloud: did you mean nodejs20\?/,
    ],
    [
      'a handler without a function',
      'index.handler',
      'index',
      /handler is "index": write <file>\.<export>/,
    ],
    ['a name with a dot', 'functionName: one', 'functionName: o.ne', /functionName is "o\.ne"/],
    [
      'a name that is a number',
      'functionName: one',
      'functionName: 1',
      /functionName is 1: put it in quotes/,
    ],
    ['no region', '      region: cn-hangzhou\n', '', /has no region/],
  ])('is refused with %s', async (_, from, to, message) => {
    const { 's.yaml': text = '' } = oneFunction('');
    expect(text).toContain(from);
    expect(await refusalOf({ 's.yaml': text.replace(from, to) })).toMatch(message);
  });

  it('takes 4 KB of variables to the byte', async () => {
    const value = 'x'.repeat(4095);
    const { functions } = await readFiles(oneFunction(`environmentVariables: { A: '${value}' }`));
    expect(functions[0]?.environmentVariables).toEqual({ A: value });
  });

  it('is refused with the name of another', async () => {
    const { 's.yaml': text = '' } = oneFunction('');
    const twin = text.slice(text.indexOf('  one:')).replace('  one:', '  two:');
    expect(await refusalOf({ 's.yaml': text + twin })).toMatch(
      /Function "two" has the functionName of "one", "one"/,
    );
  });

  it('runs in the region of the others when it names another', async () => {
    const { 's.yaml': text = '' } = oneFunction('');
    const other = text.slice(text.indexOf('  one:')).replace(/\bone\b/g, 'two');
    const project = await readFiles({
      's.yaml': text + other.replace('cn-hangzhou', 'cn-beijing'),
    });
    expect(project.region).toBe('cn-hangzhou');
    expect(project.functions).toHaveLength(2);
    expect(project.warnings).toEqual([
      's.yaml:16: region cn-beijing of "two" differs from cn-hangzhou (s.yaml:7): here all is in one region, cn-hangzhou',
    ]);
  });
});

describe('a trigger', () => {
  const triggers = (...list: string[]) =>
    `triggers:\n${list.map((trigger) => `  - ${trigger}`).join('\n')}`;
  const http = (config: string, name = 'http') =>
    `{ triggerName: ${name}, triggerType: http, triggerConfig: ${config} }`;
  const timer = (config: string, name = 'tick') =>
    `{ triggerName: ${name}, triggerType: timer, triggerConfig: ${config} }`;
  const GOOD_HTTP = '{ authType: anonymous, methods: [GET, POST] }';

  it('of type http or timer is read', async () => {
    const props = triggers(
      http(GOOD_HTTP),
      timer(
        "{ cronExpression: 'CRON_TZ=Asia/Shanghai 0 0 8 * * *', enable: false, payload: hello }",
      ),
    );
    const { functions } = await readFiles(oneFunction(props));
    expect(functions[0]?.triggers).toEqual([
      {
        type: 'http',
        name: 'http',
        authType: 'anonymous',
        methods: ['GET', 'POST'],
        source: 's.yaml:13',
      },
      {
        type: 'timer',
        name: 'tick',
        cronExpression: 'CRON_TZ=Asia/Shanghai 0 0 8 * * *',
        source: 's.yaml:14',
        enable: false,
        payload: 'hello',
      },
    ]);
  });

  it.each<[string, string[], RegExp]>([
    [
      'an unknown type',
      ['{ triggerName: a, triggerType: kafka, triggerConfig: {} }'],
      /^s\.yaml:13: .*the type kafka is not known here/,
    ],
    ['no name', ['{ triggerType: http, triggerConfig: {} }'], /trigger has no triggerName/],
    [
      'a misspelt triggerConfig',
      ['{ triggerName: a, triggerType: http, trigerConfig: {} }'],
      /has no triggerConfig/,
    ],
    [
      'authType jwt and no authConfig',
      [http('{ authType: jwt, methods: [GET] }')],
      /^s\.yaml:13: .*has no authConfig/,
    ],
    ['no authType', [http('{ methods: [GET] }')], /has no authType/],
    [
      'an unknown authType',
      [http('{ authType: none, methods: [GET] }')],
      /authType is "none": use one of anonymous, function, jwt/,
    ],
    ['an unknown method', [http('{ authType: anonymous, methods: [get] }')], /methods has "get"/],
    ['no method', [http('{ authType: anonymous, methods: [] }')], /methods has ""/],
    ['no cronExpression', [timer('{ enable: true }')], /has no cronExpression/],
    [
      'a cronExpression that is none',
      [timer("{ cronExpression: '0 8 * * *', enable: true }")],
      /cronExpression is "0 8 \* \* \*": six fields are wanted.*: give @every 5m/,
    ],
    [
      'a second http trigger',
      [http(GOOD_HTTP), http(GOOD_HTTP, 'other')],
      /triggerType is the second http/,
    ],
    [
      'more than fifty',
      Array.from({ length: 51 }, (_, nth) =>
        timer("{ cronExpression: '@every 1m', enable: true }", `t${nth}`),
      ),
      /^s\.yaml:12: Function "one": triggers are 51: FC allows 50 for a function/,
    ],
    [
      'a name used twice',
      [
        http(GOOD_HTTP),
        timer("{ cronExpression: '@every 1m', enable: true }").replace('tick', 'http'),
      ],
      /triggerName is used twice/,
    ],
  ])('is refused with %s', async (_, list, message) => {
    expect(await refusalOf(oneFunction(triggers(...list)))).toMatch(message);
  });
});
