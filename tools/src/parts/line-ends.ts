import type { Files } from './files.ts';

/**
 * Applies an edit that sees line feeds only. Files whose lines all end with CR LF keep that, and new ones
 * end as the edit has written them.
 */
export function keepingLineEnds(files: Files, edit: (files: Files) => Files): Files {
  const windows = new Set(
    [...files].flatMap(([path, text]) => (hasWindowsEnds(text) ? [path] : [])),
  );
  if (windows.size === 0) return edit(files);
  const seen = new Map(
    [...files].map(([path, text]) => [
      path,
      windows.has(path) ? text.replaceAll('\r\n', '\n') : text,
    ]),
  );
  return new Map(
    [...edit(seen)].map(([path, text]) => [
      path,
      windows.has(path) ? text.replaceAll('\n', '\r\n') : text,
    ]),
  );
}

const hasWindowsEnds = (text: string) => text.includes('\r\n') && !/(?<!\r)\n/.test(text);
