/** Characters that Windows, or a zip itself, does not allow in a name; some programs read a backslash as a folder. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const UNSAFE = /[\u0000-\u001f\u007f-\u009f<>:"|?*\\]/g;

/**
 * Returns the paths of objects in a zip, in the keys' order: relative, without empty segments and `..`,
 * with `_` for characters that a file system refuses. Two keys that would give the same path, or paths that
 * differ only in case, get a number to tell them apart, as does one that is the folder of another.
 */
export function entryNames(keys: readonly string[]): string[] {
  const paths = keys.map(safePath);
  const taken = new Set(paths.flatMap(foldersOf));
  return paths.map((path) => {
    let name = path;
    for (let number = 2; taken.has(fold(name)); number++) name = numbered(path, number);
    taken.add(fold(name));
    return name;
  });
}

function safePath(key: string): string {
  const segments = key
    .split('/')
    .map((segment) => segment.replace(UNSAFE, '_'))
    .filter((segment) => segment !== '' && segment !== '.')
    .map((segment) => (/^\.\.+$/.test(segment) ? '_' : segment));
  return segments.join('/') || '_';
}

function foldersOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => fold(segments.slice(0, index + 1).join('/')));
}

/** Returns `a/b.txt` as `a/b (2).txt`. */
function numbered(path: string, number: number): string {
  const [, stem = path, ending = ''] = /^(.*?[^/])(\.[^./]*)?$/s.exec(path) ?? [];
  return `${stem} (${number})${ending}`;
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
