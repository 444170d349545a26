import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parseAuthorization, type SignedRequest, signV2, signV4, verify } from '#src/smq/signature';

const DATE = 'Wed, 11 Nov 2026 08:30:00 GMT';
const AT = Date.parse(DATE);

function request(overrides: Partial<SignedRequest> = {}): SignedRequest {
  return {
    method: 'POST',
    target: '/queues/orders/messages',
    headers: {
      date: DATE,
      host: '127.0.0.1:8080',
      'content-type': 'text/xml',
      'content-md5': 'ZDQxZDhjZDk4ZjAwYjIwNGU5ODAwOTk4ZWNmODQyN2U=',
      'x-mns-version': '2015-06-06',
      'x-mns-b': 'two',
      'x-mns-a': 'one',
      'security-token': 'not signed',
    },
    ...overrides,
  };
}

describe('V2', () => {
  it('gives the signature that openssl gives for the same lines', () => {
    // printf 'POST\nZDQx…\ntext/xml\n<date>\nx-mns-a:one\nx-mns-b:two\nx-mns-version:2015-06-06\n/queues/orders/messages' | openssl dgst -sha1 -hmac secret-1 -binary | base64
    expect(signV2('secret-1', request(), DATE)).toBe('OESyPS/Rfc+5pDfrxmGPRCP7epY=');
  });

  it('leaves an empty line for each header that is absent', () => {
    // printf 'GET\n\n\n<date>\n/queues/orders?peekonly=true' | openssl dgst -sha1 -hmac secret-1 -binary | base64
    const bare = request({
      method: 'GET',
      target: '/queues/orders?peekonly=true',
      headers: { date: DATE },
    });
    expect(signV2('secret-1', bare, DATE)).toBe('okxtwocqZ+qYJGd5/aVieok9dL0=');
  });

  it('gives each secret and each text of a GET its own, asked for again and in turn', () => {
    const get = (target: string) => request({ method: 'GET', target });
    const asked = [
      ['secret-1', '/queues/a/messages'],
      ['secret-1', '/queues/a/messages'],
      ['secret-2', '/queues/a/messages'],
      ['secret-1', '/queues/b/messages'],
      ['secret-1', '/queues/a/messages'],
    ] as const;
    const [first, again, other, elsewhere, back] = asked.map(([secret, target]) =>
      signV2(secret, get(target), DATE),
    );
    expect([again, back]).toEqual([first, first]);
    expect(new Set([first, other, elsewhere]).size).toBe(3);
    expect(signV2('secret-1', get('/queues/a/messages'), `${DATE} `)).not.toBe(first);
  });

  it('agrees with what @alicloud/mns signs', () => {
    const require = createRequire(import.meta.url);
    const Client: new (
      account: string,
      options: object,
    ) => {
      sign(verb: string, headers: object, resource: string): string;
    } = require('@alicloud/mns/lib/client.js');
    const sdk = new Client('1', { accessKeyId: 'id', accessKeySecret: 's', endpoint: 'http://x' });
    const { method, target, headers } = request({ target: '/topics/t/messages?a=%20b' });
    expect(signV2('s', { method, target, headers }, DATE)).toBe(sdk.sign(method, headers, target));
  });

  it('accepts x-mns-date in place of Date, signed as either', () => {
    const { date: _, ...rest } = request().headers;
    const sent = request({ headers: { ...rest, 'x-mns-date': DATE } });
    for (const line of ['', DATE]) {
      const signature = signV2('s', sent, line);
      expect(verify({ version: 2, accessKeyId: 'id', signature }, 's', sent, AT)).toBe(true);
    }
  });

  it('refuses another secret, another path and another body digest', () => {
    const signature = signV2('s', request(), DATE);
    const authorization = { version: 2, accessKeyId: 'id', signature } as const;
    expect(verify(authorization, 's', request(), AT)).toBe(true);
    expect(verify(authorization, 'X', request(), AT)).toBe(false);
    expect(verify(authorization, 's', request({ target: '/queues/other/messages' }), AT)).toBe(
      false,
    );
    const changed = { ...request().headers, 'content-md5': 'other' };
    expect(verify(authorization, 's', request({ headers: changed }), AT)).toBe(false);
  });
});

describe('V4', () => {
  const scope = { day: '20261111', region: 'cn-hangzhou' };

  it('gives the signature that openssl gives for the same lines and key chain', () => {
    const get = request({
      method: 'GET',
      target:
        '/queues/orders/messages?waitseconds=10&NumOfMessages=16&peekonly=&Tag=a%20b/%E4%B8%AD',
    });
    expect(signV4('secret-1', get, scope, AT)).toBe(
      '67c2796ca9e495b29eb6faa1742fd149c66122dd98d9d53f1c27279ad1af64e1',
    );
  });

  it('is the same however the client encoded path and query, in whatever order and case', () => {
    const one = request({ target: '/queues/my%2Dqueue/messages?a=1&B=%5bx%5D' });
    const two = request({ target: '/queues/my-queue/messages?b=[x]&A=1' });
    expect(signV4('s', one, scope, AT)).toBe(signV4('s', two, scope, AT));
  });

  it('refuses another secret, day, region or time', () => {
    const signature = signV4('s', request(), scope, AT);
    const authorization = { version: 4, accessKeyId: 'id', ...scope, signature } as const;
    expect(verify(authorization, 's', request(), AT)).toBe(true);
    expect(verify(authorization, 'X', request(), AT)).toBe(false);
    expect(verify({ ...authorization, day: '20261112' }, 's', request(), AT)).toBe(false);
    expect(verify({ ...authorization, region: 'eu' }, 's', request(), AT)).toBe(false);
    expect(verify(authorization, 's', request(), AT + 1000)).toBe(false);
  });
});

describe('parseAuthorization', () => {
  it('reads both versions', () => {
    expect(parseAuthorization('MNS STS.abc:Zm9v')).toEqual({
      version: 2,
      accessKeyId: 'STS.abc',
      signature: 'Zm9v',
    });
    const signature = 'a'.repeat(64);
    expect(
      parseAuthorization(
        `MNS4-HMAC-SHA256 Credential=id/20261111/cn-hangzhou/mns/aliyun_v4_request,Signature=${signature}`,
      ),
    ).toEqual({ version: 4, accessKeyId: 'id', day: '20261111', region: 'cn-hangzhou', signature });
  });

  it.each([
    '',
    'MNS',
    'MNS id',
    'MNS :sig',
    'MNS id:',
    'Basic id:sig',
    'MNS id:a b',
    'MNS4-HMAC-SHA256 Credential=id',
  ])('refuses %j', (header) => {
    expect(parseAuthorization(header)).toBeUndefined();
  });
});
