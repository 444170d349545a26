import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** Function Compute's limit on the total size of a package's files, unpacked. */
export const MAX_UNPACKED_BYTES = 500 * 1024 * 1024;
const MAX_LINK_BYTES = 4096;

const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/**
 * Unpacks a zip file into the folder `to`, which must not exist yet, so that nothing in it is
 * writable. A symbolic link that leads out of the folder is skipped; other links stay links. Throws
 * an Error for a file that is no zip, for a path that leads out of the folder, and for more than
 * `maxBytes`.
 */
export async function unzip(
  file: string,
  to: string,
  maxBytes = MAX_UNPACKED_BYTES,
): Promise<void> {
  await mkdir(to);
  // strictFileNames refuses absolute paths and those with `..`; yauzl checks the size of each file
  // while unpacking.
  const zip = await openPromise(file, { strictFileNames: true });
  const links: { path: string; target: string }[] = [];
  let bytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      bytes += entry.uncompressedSize;
      if (bytes > maxBytes) throw new Error(`it holds more than ${maxBytes} bytes unpacked`);
      const path = join(to, entry.fileName);
      if (isLink(entry)) links.push({ path, target: await linkTarget(zip, entry) });
      else await unpack(zip, entry, path);
    }
  } finally {
    zip.close();
  }
  // After the files, so that none of them is written through a link.
  for (const link of links) await makeLink(to, link);
  await protect(to);
}

function modeOf({ externalFileAttributes }: Entry): number {
  return externalFileAttributes >>> 16;
}

function isLink(entry: Entry): boolean {
  return (modeOf(entry) & FILE_TYPE) === SYMBOLIC_LINK;
}

async function unpack(zip: ZipFile, entry: Entry, path: string): Promise<void> {
  if (entry.fileName.endsWith('/')) return void (await mkdir(path, { recursive: true }));
  await mkdir(dirname(path), { recursive: true });
  const stream = await zip.openReadStreamPromise(entry);
  await pipeline(stream, createWriteStream(path, { flags: 'wx' }));
  await chmod(path, modeOf(entry) & 0o111 ? 0o555 : 0o444);
}

async function linkTarget(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > MAX_LINK_BYTES)
    throw new Error(`the symbolic link ${entry.fileName} is too long`);
  return (await buffer(await zip.openReadStreamPromise(entry))).toString();
}

async function makeLink(to: string, { path, target }: { path: string; target: string }) {
  const folder = dirname(path);
  const inside = relative(to, resolve(folder, target));
  if (isAbsolute(target) || inside.startsWith('..') || isAbsolute(inside)) return;
  await mkdir(folder, { recursive: true });
  const real = relative(await realpath(to), await realpath(folder));
  if (real !== relative(to, folder)) throw new Error(`${path} leads through another link`);
  await symlink(target, path);
}

async function protect(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await protect(join(folder, entry.name));
  await chmod(folder, 0o555);
}
