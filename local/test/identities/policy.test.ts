import { describe, expect, it } from 'vitest';
import { LocalCloudError } from '#src/errors';
import { evaluate, type PolicyRequest, parsePolicy } from '#src/identities/policy';

const QUEUE = 'acs:mns:cn-hangzhou:1:/queues/orders/messages';

const REQUEST: PolicyRequest = {
  action: 'mns:ReceiveMessage',
  resource: QUEUE,
  sourceIp: '127.0.0.1',
  secureTransport: false,
  now: Date.parse('2030-06-15T12:00:00Z'),
};

function verdict(statements: unknown[], request: Partial<PolicyRequest> = {}): string {
  const policy = parsePolicy('p', { Version: '1', Statement: statements }, 'Role "r"');
  return evaluate([policy], { ...REQUEST, ...request }).effect;
}

const allow = (rest: object) => ({ Effect: 'Allow', ...rest });
const everything = { Action: '*', Resource: '*' };

describe('Action and Resource', () => {
  it.each([
    ['nothing said of it', { Action: 'mns:SendMessage', Resource: '*' }, 'none'],
    ['all', everything, 'allow'],
    [
      'lists',
      { Action: ['oss:*', 'mns:ReceiveMessage'], Resource: ['acs:oss:*:*:b', QUEUE] },
      'allow',
    ],
    ['an action in other case', { Action: 'MNS:receivemessage', Resource: '*' }, 'allow'],
    ['an action with wildcards', { Action: 'mns:Receive*', Resource: '*' }, 'allow'],
    ['a question mark', { Action: 'mns:ReceiveMessag?', Resource: '*' }, 'allow'],
    ['an action that only begins alike', { Action: 'mns:Receive', Resource: '*' }, 'none'],
    [
      'a resource with wildcards',
      { Action: '*', Resource: 'acs:mns:*:*:/queues/*/messages' },
      'allow',
    ],
    [
      'a resource in other case',
      { Action: '*', Resource: 'acs:mns:*:*:/queues/Orders/messages' },
      'none',
    ],
    [
      'the queue without its messages',
      { Action: '*', Resource: 'acs:mns:*:*:/queues/orders' },
      'none',
    ],
    ['NotAction of another', { NotAction: 'mns:SendMessage', Resource: '*' }, 'allow'],
    ['NotAction of this', { NotAction: ['mns:Receive*'], Resource: '*' }, 'none'],
    ['NotResource of another', { Action: '*', NotResource: 'acs:oss:*:*:*' }, 'allow'],
    ['NotResource of this', { Action: '*', NotResource: [QUEUE] }, 'none'],
  ])('of a statement are matched: %s', (_, statement, expected) => {
    expect(verdict([allow(statement)])).toBe(expected);
  });

  it('lets one explicit deny outweigh every allow, in any order', () => {
    const deny = { Effect: 'Deny', Action: 'mns:Receive*', Resource: '*' };
    expect(verdict([allow(everything), deny])).toBe('deny');
    expect(verdict([deny, allow(everything)])).toBe('deny');
    expect(verdict([allow(everything), deny], { action: 'mns:SendMessage' })).toBe('allow');
  });

  it('says which statement of which policy denies', () => {
    const first = parsePolicy('first', { Version: '1', Statement: [allow(everything)] }, 'x');
    const second = parsePolicy(
      'second',
      { Version: '1', Statement: [allow(everything), { Effect: 'Deny', ...everything }] },
      'x',
    );
    expect(evaluate([first, second], REQUEST)).toEqual({
      effect: 'deny',
      policy: 'second',
      statement: 2,
    });
  });

  it('says which statement of which policy is the first to allow', () => {
    const none = { Effect: 'Allow', Action: 'oss:GetObject', Resource: '*' };
    const first = parsePolicy('first', { Version: '1', Statement: [none] }, 'x');
    const statements = [none, allow(everything), allow(everything)];
    const second = parsePolicy('second', { Version: '1', Statement: statements }, 'x');
    expect(evaluate([first, second, second], REQUEST)).toEqual({
      effect: 'allow',
      policy: 'second',
      statement: 2,
    });
  });

  it('reads JSON text as it reads a map', () => {
    const document = JSON.stringify({ Version: '1', Statement: [allow(everything)] });
    expect(evaluate([parsePolicy('p', document, 'x')], REQUEST).effect).toBe('allow');
  });
});

describe('Condition', () => {
  const at = (time: string) => ({ 'acs:CurrentTime': time });
  it.each([
    [{ IpAddress: { 'acs:SourceIp': '127.0.0.0/8' } }, true],
    [{ IpAddress: { 'acs:SourceIp': ['10.0.0.0/8', '127.0.0.1'] } }, true],
    [{ IpAddress: { 'acs:SourceIp': '10.0.0.0/8' } }, false],
    [{ IpAddress: { 'acs:SourceIp': '0.0.0.0/0' } }, true],
    [{ IpAddress: { 'acs:SourceIp': '::1' } }, false],
    [{ NotIpAddress: { 'acs:SourceIp': '10.0.0.0/8' } }, true],
    [{ NotIpAddress: { 'acs:SourceIp': ['10.0.0.0/8', '127.0.0.1'] } }, false],
    [{ Bool: { 'acs:SecureTransport': 'true' } }, false],
    [{ Bool: { 'acs:SecureTransport': ['false'] } }, true],
    [{ Bool: { 'acs:SecureTransport': false } }, true],
    [{ DateLessThan: at('2030-06-15T20:00:01+08:00') }, true],
    [{ DateLessThan: at('2030-06-15T20:00:00+08:00') }, false],
    [{ DateLessThanEquals: at('2030-06-15T12:00:00Z') }, true],
    [{ DateGreaterThan: at('2030-06-15T12:00:00Z') }, false],
    [{ DateGreaterThanEquals: at('2030-06-15T12:00:00Z') }, true],
    [{ DateEquals: at('2030-06-15T12:00Z') }, true],
    [{ DateNotEquals: at('2030-06-15T12:00:00Z') }, false],
    [
      { DateGreaterThan: at('2030-01-01T00:00:00Z'), DateLessThan: at('2031-01-01T00:00:00Z') },
      true,
    ],
    [{ DateGreaterThan: at('2030-01-01T00:00:00Z'), Bool: { 'acs:SecureTransport': true } }, false],
  ])('the condition %j holds: %s', (condition, holds) => {
    expect(verdict([allow({ ...everything, Condition: condition })])).toBe(
      holds ? 'allow' : 'none',
    );
  });

  it('recognises an IPv4 address that arrived over an IPv6 socket', () => {
    const statement = allow({
      ...everything,
      Condition: { IpAddress: { 'acs:SourceIp': '127.0.0.1' } },
    });
    expect(verdict([statement], { sourceIp: '::ffff:127.0.0.1' })).toBe('allow');
  });

  it('does not allow, and does deny, where the request lacks what the condition asks about', () => {
    const condition = { Bool: { 'acs:SecureTransport': 'true' } };
    const request = { secureTransport: undefined };
    expect(verdict([allow({ ...everything, Condition: condition })], request)).toBe('none');
    const deny = { Effect: 'Deny', ...everything, Condition: condition };
    expect(verdict([allow(everything), deny], request)).toBe('deny');
  });
});

describe('a policy refused when read', () => {
  const document = (statement: object, rest: object = {}) => ({
    Version: '1',
    Statement: [statement],
    ...rest,
  });
  it.each<[string, unknown, RegExp]>([
    ['no map', 7, /Role "r", policy "p": it is not a map/],
    ['broken JSON', '{"Version":', /it is no JSON/],
    ['no Version', { Statement: [allow(everything)] }, /Version is undefined/],
    ['Version as a number', { Version: 1, Statement: [] }, /Version is 1/],
    ['a Version of another cloud', { Version: '2012-10-17', Statement: [] }, /2012-10-17/],
    ['an element too many', document(allow(everything), { Id: 'x' }), /"Id" is no element/],
    ['no statement', { Version: '1', Statement: [] }, /Statement is no list/],
    ['a statement that is no map', { Version: '1', Statement: ['x'] }, /Statement is no list/],
    [
      'a wrong Effect',
      document({ Effect: 'allow', ...everything }),
      /statement 1: Effect is "allow"/,
    ],
    ['no Action', document(allow({ Resource: '*' })), /neither Action nor NotAction/],
    [
      'both Actions',
      document(allow({ ...everything, NotAction: '*' })),
      /both Action and NotAction/,
    ],
    ['no Resource', document(allow({ Action: '*' })), /neither Resource nor NotResource/],
    ['an empty list', document(allow({ Action: [], Resource: '*' })), /Action is \[\]/],
    [
      'an action without a service',
      document(allow({ Action: 'SendMessage', Resource: '*' })),
      /<service>:<operation>/,
    ],
    [
      'a resource that is none',
      document(allow({ Action: '*', Resource: 'bucket/*' })),
      /acs:<service>/,
    ],
    [
      'a policy variable',
      document(allow({ Action: '*', Resource: `acs:oss:*:*:b/\${acs:UserName}/*` })),
      /policy variable/,
    ],
    [
      'a Principal',
      document(allow({ ...everything, Principal: '*' })),
      /"Principal" is no element/,
    ],
    ['a misspelt element', document(allow({ ...everything, Resources: '*' })), /"Resources"/],
    [
      'an unknown operator',
      document(
        allow({ ...everything, Condition: { StringEqualsIfExists: { 'acs:SourceIp': 'x' } } }),
      ),
      /operator "StringEqualsIfExists" does not go with acs:SourceIp/,
    ],
    [
      'an inherited name for an operator',
      document(allow({ ...everything, Condition: { constructor: { 'acs:SourceIp': 'x' } } })),
      /operator "constructor"/,
    ],
    [
      'an unknown key',
      document(allow({ ...everything, Condition: { StringLike: { 'oss:Prefix': 'x/*' } } })),
      /key "oss:Prefix" is not evaluated/,
    ],
    [
      'a key that only a trust policy knows',
      document(allow({ ...everything, Condition: { StringLike: { 'oidc:sub': 'x' } } })),
      /key "oidc:sub" is not evaluated/,
    ],
    [
      'a wrong date',
      document(
        allow({
          ...everything,
          Condition: { DateLessThan: { 'acs:CurrentTime': '2030-13-01T00:00:00Z' } },
        }),
      ),
      /"2030-13-01T00:00:00Z" is no date/,
    ],
    [
      'a date without a zone',
      document(
        allow({
          ...everything,
          Condition: { DateLessThan: { 'acs:CurrentTime': '2030-01-01T00:00:00' } },
        }),
      ),
      /is no date/,
    ],
    [
      'a wrong network',
      document(
        allow({ ...everything, Condition: { IpAddress: { 'acs:SourceIp': '10.0.0.0/33' } } }),
      ),
      /is no address/,
    ],
    [
      'half an address',
      document(allow({ ...everything, Condition: { IpAddress: { 'acs:SourceIp': '10.0' } } })),
      /is no address/,
    ],
    [
      'a wrong boolean',
      document(allow({ ...everything, Condition: { Bool: { 'acs:SecureTransport': 'yes' } } })),
      /neither "true" nor "false"/,
    ],
    [
      'a condition that is no map',
      document(allow({ ...everything, Condition: ['x'] })),
      /Condition is not a map/,
    ],
    [
      'a condition without a value',
      document(allow({ ...everything, Condition: { Bool: { 'acs:SecureTransport': [] } } })),
      /has no value/,
    ],
  ])('%s', (_, value, message) => {
    const read = () => parsePolicy('p', value, 'Role "r"');
    expect(read).toThrow(LocalCloudError);
    expect(read).toThrow(message);
  });
});
