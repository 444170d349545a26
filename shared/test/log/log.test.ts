import { expect, it, onTestFinished, vi } from 'vitest';
import { ServiceError } from '#src/errors/errors';
import { createLog, invocationLog } from '#src/log/log';
import { REDACTED } from '#src/log/redact';
import { fakeContext } from '#test/fake-context';

function capture() {
  const lines: string[] = [];
  return {
    lines,
    options: {
      level: 'debug' as const,
      destination: { write: (line: string) => void lines.push(line) },
    },
  };
}

it('tags each line with the request id and the function', () => {
  const { lines, options } = capture();
  invocationLog(fakeContext({ requestId: 'r-1', functionName: 'f' }), options).info(
    { orderId: 7 },
    'Stored',
  );
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'info',
    requestId: 'r-1',
    function: 'f',
    orderId: 7,
    message: 'Stored',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});

it.each([
  ['DEBUG', ['debug', 'info', 'error']],
  [' Error ', ['error']],
  ['silent', []],
  ['', ['info', 'error']],
])('accepts %j as LOG_LEVEL', (level, printed) => {
  const { lines, options } = capture();
  vi.stubEnv('LOG_LEVEL', level);
  onTestFinished(() => void vi.unstubAllEnvs());
  const log = createLog({ destination: options.destination });
  for (const one of ['debug', 'info', 'error'] as const) log[one]('x');
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(printed);
});

it('says what LOG_LEVEL can be', () => {
  vi.stubEnv('LOG_LEVEL', 'verbose');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => createLog()).toThrow(
    expect.objectContaining({
      code: 'InvalidEnvironment',
      message: 'LOG_LEVEL is "verbose": give debug, info, warn, error or silent',
    }),
  );
});

it('lets no secret of the context out, wherever it is in the line', () => {
  const { lines, options } = capture();
  const credentials = {
    accessKeyId: 'STS.id',
    accessKeySecret: 'quite"secret\\key',
    securityToken: 'CAIS+token/with=signs',
  };
  const context = fakeContext({ credentials });
  const log = invocationLog(context, options);
  const { accessKeySecret, securityToken } = credentials;
  const cause = new Error(`GET /?security-token=${encodeURIComponent(securityToken)}`);
  log.error({ error: new Error(`signed with ${accessKeySecret}`, { cause }) }, securityToken);
  log.info({ deep: { list: [context] }, text: `a ${accessKeySecret} b` }, 'context printed');

  const output = lines.join('');
  expect(output).toContain(REDACTED);
  expect(output).toContain('STS.id');
  for (const secret of [accessKeySecret, securityToken]) {
    expect(output).not.toContain(secret);
    expect(output).not.toContain(JSON.stringify(secret).slice(1, -1));
    expect(output).not.toContain(encodeURIComponent(secret));
  }
});

it('prints an error with its code, remedy, status and causes', () => {
  const { lines, options } = capture();
  const error = new ServiceError('Queue "q" does not exist', {
    service: 'smq',
    code: 'QueueNotExist',
    status: 404,
    requestId: 'ABC',
    remedy: 'check QUEUE_NAME in s.yaml',
    cause: new Error('wire'),
  });
  createLog(options).error({ error }, 'Failed');
  expect(JSON.parse(lines[0] ?? '').error).toMatchObject({
    name: 'ServiceError',
    code: 'QueueNotExist',
    status: 404,
    serviceRequestId: 'ABC',
    remedy: 'check QUEUE_NAME in s.yaml',
    cause: { message: 'wire' },
  });
});

it('prints the code of a system error, the errors of an aggregate, and a cause that goes in circles once', () => {
  const { lines, options } = capture();
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const both = new AggregateError([refused, new Error('no route')]);
  const circle = new Error('fetch failed', { cause: both });
  Object.assign(both, { cause: circle });
  createLog(options).error({ error: circle }, 'Failed');
  expect(JSON.parse(lines[0] ?? '').error).toMatchObject({
    message: 'fetch failed',
    cause: {
      name: 'AggregateError',
      errors: [{ message: 'connect', code: 'ECONNREFUSED' }, { message: 'no route' }],
      cause: 'Error: fetch failed',
    },
  });
});
