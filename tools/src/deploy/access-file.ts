import { createDecipheriv, createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fields, parseYaml } from 'fc-local/project';

/**
 * The passphrase of the deploy tool (3.1.10), the same on every machine: it hides the values from a glance,
 * not from a reader of its source.
 */
const PASSPHRASE = 'SecretKey123';

const SALT_MARK = Buffer.from('Salted__');
const [KEY_BYTES, IV_BYTES] = [32, 16];

/**
 * Returns the key pairs that `s config add` has stored, by alias, with decrypted values; empty if there is
 * no such file.
 */
export function readAccessFile(home: string): Map<string, Record<string, string>> {
  const path = join(home, 'access.yaml');
  const text = existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  if (text === '') return new Map();
  const file = new Fields(parseYaml(text, path), path);
  return new Map(
    file.keys.map((alias) => {
      const fields = file.map(alias);
      const parts = (fields?.keys ?? []).map((name) => [name, opened(fields?.string(name) ?? '')]);
      return [alias, Object.fromEntries(parts)];
    }),
  );
}

/**
 * Decrypts a value that the tool has encrypted, in OpenSSL's form with a salt; returns any other unchanged,
 * which the tool accepts as well.
 */
function opened(value: string): string {
  const bytes = Buffer.from(value, 'base64');
  if (!bytes.subarray(0, SALT_MARK.length).equals(SALT_MARK)) return value;
  const salt = bytes.subarray(SALT_MARK.length, SALT_MARK.length + 8);
  const derived = derivedBytes(salt);
  const decipher = createDecipheriv(
    'aes-256-cbc',
    derived.subarray(0, KEY_BYTES),
    derived.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES),
  );
  const text = bytes.subarray(SALT_MARK.length + salt.length);
  return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
}

/** Derives key and vector as OpenSSL and the tool's library do: EVP_BytesToKey with MD5 and one round. */
function derivedBytes(salt: Buffer): Buffer {
  const blocks: Buffer[] = [];
  let last = Buffer.alloc(0);
  while (Buffer.concat(blocks).length < KEY_BYTES + IV_BYTES) {
    last = createHash('md5').update(last).update(PASSPHRASE).update(salt).digest();
    blocks.push(last);
  }
  return Buffer.concat(blocks);
}
