import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { GateConnection } from '#src/fc/gate-connection';
import { ANSWER_PREFIX_BYTES, writeAnswerHead } from '#src/fc/instance/frames';

const CALL = { path: '/invoke', headers: {}, body: Buffer.alloc(0) };

function gate() {
  const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  return { stream, connection: new GateConnection(stream) };
}

/** Returns an answer with an error of the body `{"a":1}`. */
function answer(): Buffer {
  const body = Buffer.from('{"a":1}');
  const head = Buffer.alloc(ANSWER_PREFIX_BYTES);
  const errorType = 'HandledInvocationError';
  writeAnswerHead(head, { length: body.length, maxMemoryMb: 4242, errorType, spent: true });
  return Buffer.concat([head, body]);
}

const READ = {
  outcome: { body: Buffer.from('{"a":1}'), errorType: 'HandledInvocationError' },
  maxMemoryMb: 4242,
  spent: true,
  waits: false,
};

describe("the runtime's end of a gate", () => {
  it('reads an answer that comes in two pieces, wherever it is cut', async () => {
    const { stream, connection } = gate();
    for (let cut = 1; cut < answer().length; cut++) {
      const called = connection.call(CALL);
      stream.push(answer().subarray(0, cut));
      await new Promise((resolve) => setImmediate(resolve));
      stream.push(answer().subarray(cut));
      expect(await called).toEqual(READ);
    }
  });

  it('reads an answer that comes byte by byte', async () => {
    const { stream, connection } = gate();
    const called = connection.call(CALL);
    for (const byte of answer()) stream.push(Buffer.from([byte]));
    expect(await called).toEqual(READ);
  });

  it('fails a call when the instance leaves in the midst of its answer, and takes no other', async () => {
    const { stream, connection } = gate();
    const called = connection.call(CALL);
    stream.push(answer().subarray(0, -1));
    stream.destroy();
    await expect(called).rejects.toThrow('before it had answered');
    expect(connection.open).toBe(false);
  });
});
