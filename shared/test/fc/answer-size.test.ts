import { describe, expect, it } from 'vitest';
import { answerCalls, checkAllowed } from '#src/fc/answer-calls';
import { FunctionClient } from '#src/fc/client';
import { fanOut } from '#src/fc/fan-out';
import { oddServer } from '#test/odd-server';

const KIBIBYTE = 1024;

/**
 * Starts a Function Compute whose functions answer with `bytes` bytes, with or without a declared length.
 * Also returns how many bytes of bodies it has sent.
 */
async function answeringWith(bytes: number, { declared = true } = {}) {
  let sent = 0;
  const url = await oddServer((request, response) => {
    request.resume().once('end', () => {
      const length = declared ? { 'content-length': String(bytes) } : {};
      response.writeHead(200, { 'x-fc-request-id': 'r', ...length }).flushHeaders();
      const send = () => {
        const chunk = Math.min(64 * KIBIBYTE, bytes - sent);
        if (response.destroyed || chunk <= 0) return void response.end();
        sent += chunk;
        response.write(Buffer.alloc(chunk), send);
      };
      send();
    });
  });
  const client = new FunctionClient({
    accountId: '1000000000000001',
    region: 'cn-hangzhou',
    credentials: { accessKeyId: 'STS.id', accessKeySecret: 'secret-0123456789' },
    env: { FUNCTION_ENDPOINT: url },
  });
  return { client, sent: () => sent };
}

const TOO_LARGE = { code: 'AnswerTooLarge', service: 'fc', retryable: false };

describe.each(['worker', 'service/worker'])('the answer of %s', (name) => {
  it('is read up to the limit', async () => {
    const { client } = await answeringWith(100 * KIBIBYTE);
    const { body } = await client.invoke(name, {}, { maxAnswerBytes: 100 * KIBIBYTE });
    expect(body).toHaveLength(100 * KIBIBYTE);
  });

  it.each([true, false])('is not read beyond it (its length declared: %s)', async (declared) => {
    const { client, sent } = await answeringWith(64 * KIBIBYTE * KIBIBYTE, { declared });
    const answer = client.invoke(name, {}, { maxAnswerBytes: 100 * KIBIBYTE });
    await expect(answer).rejects.toMatchObject(TOO_LARGE);
    expect(sent()).toBeLessThan(16 * KIBIBYTE * KIBIBYTE); // what the connection has buffered
  });

  it('may be 32 MiB, and no more, by default', async () => {
    const { client } = await answeringWith(32 * KIBIBYTE * KIBIBYTE + 1);
    await expect(client.invoke(name, {})).rejects.toMatchObject(TOO_LARGE);
  });
});

it('reads no more of several answers together than is allowed', async () => {
  const url = await oddServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'x-fc-request-id': 'r' }).end(Buffer.alloc(40 * KIBIBYTE));
    });
  });
  const client = new FunctionClient({
    accountId: '1000000000000001',
    region: 'cn-hangzhou',
    credentials: { accessKeyId: 'STS.id', accessKeySecret: 'secret-0123456789' },
    env: { FUNCTION_ENDPOINT: url },
  });
  const calls = Array.from({ length: 5 }, () => ({ function: 'worker', event: {} }));
  const options = { concurrency: 1, maxAnswerBytes: 100 * KIBIBYTE };
  const outcomes = await fanOut(client, calls, options);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false, false, false]);
  expect(outcomes[4]).toMatchObject({ error: TOO_LARGE });
});

it('returns as text an answer that is nested too deep for JSON', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const value = { requestId: 'r', body: Buffer.from(deep) };
  const response = answerCalls([{ function: 'f', event: {} }], [{ ok: true, value }]);
  expect(JSON.parse(response.body ?? '').results[0].result).toBe(deep);
});

it('quotes no more than the beginning of a name that may not be called', () => {
  const calls = [{ function: 'x'.repeat(8_000_000) }];
  expect(() => checkAllowed(calls, ['worker'])).toThrow(
    expect.objectContaining({
      code: 'FunctionNotAllowed',
      issues: [{ path: 'calls[0].function', message: expect.stringMatching(/^not "x{200}…"$/) }],
    }),
  );
});

it('quotes no more than the beginning of an invalid name', async () => {
  const { client } = await answeringWith(1);
  await expect(client.invoke('x'.repeat(8_000_000), {})).rejects.toMatchObject({
    code: 'InvalidFunctionName',
    message: expect.stringMatching(/^.{0,400}$/),
  });
});
