import { expect, it } from 'vitest';
import { type Compared, differences } from '#src/deploy/compare';

const compared = (change: Partial<Compared>): Compared => ({
  props: { timeout: 10, triggers: [] },
  described: { timeout: 10, state: 'Active' },
  triggers: [],
  ...change,
});
const trigger = (triggerType: string, triggerConfig: unknown) => ({
  triggerName: 't',
  triggerType,
  triggerConfig,
});
const KEYS = { keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] };

it.each<[string, Partial<Compared>, string[]]>([
  ['nothing', {}, []],
  ['a timeout', { described: { timeout: 3 } }, ['timeout is 3, declared 10']],
  ['a prop that is missing', { described: {} }, ['timeout is missing, declared 10']],
  [
    'a variable, without its value',
    {
      props: { environmentVariables: { A: 'x' } },
      described: { environmentVariables: { A: 'hush' } },
    },
    ['environmentVariables.A is another'],
  ],
  [
    'the role, but for its letters and its bare name',
    { props: { role: 'acs:ram::1:role/A-b' }, described: { role: 'acs:ram::1:role/a-b' } },
    [],
  ],
  ['a bare role', { props: { role: 'a-b' }, described: { role: 'acs:ram::1:role/a-b' } }, []],
  [
    'another role',
    { props: { role: 'a-b' }, described: { role: 'acs:ram::1:role/c' } },
    ['role is "acs:ram::1:role/c", declared "a-b"'],
  ],
  [
    'an output that is not known yet',
    { props: { role: '\u0024{resources.infra.output.R}' }, described: {} },
    [],
  ],
  [
    'a trigger that is missing',
    { props: { triggers: [trigger('timer', {})] } },
    ['trigger "t" is missing'],
  ],
  [
    'a trigger of another type',
    { props: { triggers: [trigger('timer', {})] }, triggers: [trigger('http', '{}')] },
    ['trigger "t" type is "http", declared "timer"'],
  ],
  [
    'an HTTP trigger that lets anyone in',
    {
      props: { triggers: [trigger('http', { authType: 'function', methods: ['GET', 'POST'] })] },
      triggers: [
        trigger(
          'http',
          '{"authType":"anonymous","methods":["POST","GET"],"disableURLInternet":false}',
        ),
      ],
    },
    ['trigger "t".authType is "anonymous", declared "function"'],
  ],
  [
    'a topic trigger, which the deploy tool never updates',
    {
      props: { triggers: [trigger('mns_topic', { notifyContentFormat: 'JSON' })] },
      triggers: [trigger('mns_topic', '{"notifyContentFormat":"STREAM"}')],
    },
    ['trigger "t".notifyContentFormat is "STREAM", declared "JSON"'],
  ],
  [
    'an eventbridge trigger, whose configuration the component makes another of',
    {
      props: { triggers: [trigger('eventbridge', { a: 1 })] },
      triggers: [trigger('eventbridge', '{"b":2}')],
    },
    [],
  ],
  [
    'no network that the deploy tool has found or made',
    { props: { vpcConfig: 'auto' }, described: { vpcConfig: { vpcId: 'vpc-1' } } },
    [],
  ],
  [
    'a network that is missing',
    { props: { vpcConfig: 'auto' }, described: { vpcConfig: { vpcId: '' } } },
    ['vpcConfig is {"vpcId":""}, declared "auto"'],
  ],
  [
    'no variable that s.yaml has as a number or as true',
    {
      props: { environmentVariables: { PORT: 9000, ON: true } },
      described: { environmentVariables: { PORT: '9000', ON: 'true' } },
    },
    [],
  ],
  [
    'no keys of tokens, which FC answers as JSON in a text',
    {
      props: { triggers: [trigger('http', { authType: 'jwt', authConfig: { jwks: KEYS } })] },
      triggers: [
        trigger(
          'http',
          JSON.stringify({ authType: 'jwt', authConfig: JSON.stringify({ jwks: KEYS }) }),
        ),
      ],
    },
    [],
  ],
  [
    'how it is invoked asynchronously, but for what FC adds',
    {
      props: { asyncInvokeConfig: { qualifier: 'LATEST', maxAsyncRetryAttempts: 0 } },
      asyncConfig: { maxAsyncRetryAttempts: 3, functionArn: 'a' },
    },
    ['asyncInvokeConfig.maxAsyncRetryAttempts is 3, declared 0'],
  ],
  [
    'a trigger that is not declared',
    { triggers: [trigger('timer', '{}')] },
    ['trigger "t" is there and not declared; deploying leaves it'],
  ],
])('a comparison reports %s', (_what, change, lines) => {
  expect(differences(compared({ props: { timeout: 10 }, ...change }))).toEqual(lines);
});
