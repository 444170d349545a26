import { readFile } from 'node:fs/promises';
import { CredentialsError } from '../errors/errors.ts';

/**
 * Reads a text file in UTF-8, or in UTF-16 with its byte order mark, which Windows PowerShell writes.
 * Throws a CredentialsError (`FileUnreadable`) that names the file and the reason.
 */
export async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    return bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CredentialsError(`${path} cannot be read (${code})`, {
      code: 'FileUnreadable',
      cause,
      remedy: 'check the path and its permissions',
    });
  }
}
