import { readFile } from 'node:fs/promises';
import { CredentialsError } from '../errors/errors.ts';

/** Reads a text file. Throws a CredentialsError (`FileUnreadable`) that names the file and the reason. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CredentialsError(`${path} cannot be read (${code})`, {
      code: 'FileUnreadable',
      cause,
      remedy: 'check the path and its permissions',
    });
  }
}
