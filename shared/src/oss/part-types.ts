import { isUtf8 } from 'node:buffer';
import type { Dicer } from '@fastify/busboy';
import { contentTypeOf } from './content-type.ts';

/**
 * Returns for each file of a form, in order, whether its part has a Content-Type: the form parser reports
 * `text/plain` if there is none. Undefined if that cannot be found out.
 */
export function declaredTypes(
  Parts: typeof Dicer,
  contentType: string,
  body: Buffer,
): Promise<boolean[] | undefined> {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]*)"|([^\s;]+))/i.exec(contentType) ?? [];
  return new Promise((resolve) => {
    const declared: boolean[] = [];
    const parts = new Parts({ boundary: quoted ?? bare ?? '' });
    parts.on('part', (part) => {
      part.on('header', (head) => {
        const { 'content-disposition': [disposition = ''] = [], 'content-type': [type] = [] } =
          head as Record<string, string[]>;
        if (isFile(disposition, type)) declared.push(Boolean(type?.trim()));
      });
      part.resume();
    });
    parts.once('error', () => resolve(undefined));
    parts.once('finish', () => resolve(declared));
    parts.end(body);
  });
}

/**
 * Returns the type of a part that declares none: RFC 7578's `text/plain` for text; undefined for other
 * bytes, whose type is detected.
 */
export function typeOfUndeclared(content: Buffer): string | undefined {
  const isText = isUtf8(content) && !content.includes(0);
  return isText && contentTypeOf(undefined, content) === OCTETS ? 'text/plain' : undefined;
}

const OCTETS = 'application/octet-stream';

/** Returns whether the form parser takes a part for a file. The text of a parameter may look like another one. */
function isFile(disposition: string, type: string | undefined): boolean {
  const bare = disposition.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  if (!/^\s*form-data\s*(?:;|$)/i.test(bare)) return false;
  return /;\s*filename\*?\s*=/i.test(bare) || isOctets(type);
}

function isOctets(type = ''): boolean {
  return type.split(';', 1)[0]?.trim().toLowerCase() === OCTETS;
}
