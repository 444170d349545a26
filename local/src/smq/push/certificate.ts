import { generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { bitString, integer, objectId, sequence, set, utcTime, utf8 } from './der.ts';

/**
 * Path at which the SMQ server serves the certificate of its push signatures, without
 * authentication.
 */
export const CERTIFICATE_PATH = '/x509_public_certificate.pem';

export interface SigningKey {
  privateKey: KeyObject;
  /** X.509 certificate of the public half, as PEM. */
  certificate: string;
}

let signingKey: Promise<SigningKey> | undefined;

/** Returns the key pair of this process, made on first use: only pushes are signed with it. */
export function pushSigningKey(): Promise<SigningKey> {
  signingKey ??= newSigningKey();
  return signingKey;
}

async function newSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
  });
  const body = certificateBody(publicKey.export({ type: 'spki', format: 'der' }));
  const signature = sign('sha256', body, privateKey);
  const der = sequence(body, sequence(objectId(SHA256_WITH_RSA), NULL), bitString(signature));
  return { privateKey, certificate: pem(der) };
}

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const COMMON_NAME = '2.5.4.3';
const NULL = Buffer.from([0x05, 0x00]);

/**
 * Builds a self-signed certificate, X.509 version 1: the minimum that carries a key. It is valid at
 * every time a test clock may have.
 */
function certificateBody(publicKey: Buffer): Buffer {
  const name = sequence(set(sequence(objectId(COMMON_NAME), utf8('local SMQ'))));
  return sequence(
    integer(1),
    sequence(objectId(SHA256_WITH_RSA), NULL),
    name,
    sequence(utcTime('700101000000Z'), utcTime('491231235959Z')),
    name,
    publicKey,
  );
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
