import { quote } from '../errors/cut.ts';
import { InvalidInputError } from '../errors/errors.ts';

interface Format {
  /** The type of such bytes if none is declared. */
  type: string;
  /** Matches the types that such bytes may be declared as. */
  accepts: RegExp;
  matches(head: Buffer): boolean;
}

const UNKNOWN = 'application/octet-stream';
/** Matches a media type without parameters. */
const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;
/** Maximum characters of a declared type with its parameters: a browser's longest have half. */
const MAX_TYPE_LENGTH = 255;
/** Parameters that say how to read the content; readers of the object need no others. */
const PARAMETERS: Readonly<Record<string, RegExp>> = {
  charset: /^[\w.:+-]+$/,
  codecs: /^[\w.+-]+( *, *[\w.+-]+)*$/,
  format: /^(fixed|flowed)$/i,
  delsp: /^(yes|no)$/i,
  version: /^[\w.]+$/,
  profile: /^[\w.:/#?&=%+-]+$/,
  q: /^[01](\.\d{1,3})?$/,
};
const PARAMETER = /^\s*([\w-]+)=(?:"([^"\\]*)"|([^\s"\\;,]+))\s*$/;

/** Formats recognised by their first bytes. To add one, add a line here. */
const FORMATS: readonly Format[] = [
  format('image/png', /^image\/(x-)?png$/, bytes(0, '89504e470d0a1a0a')),
  format('image/jpeg', /^image\/(p?jpe?g|jfif)$/, bytes(0, 'ffd8ff')),
  format('image/gif', /^image\/gif$/, text(0, 'GIF87a', 'GIF89a')),
  format('image/webp', /^image\/webp$/, all(text(0, 'RIFF'), text(8, 'WEBP'))),
  format('audio/wav', /^audio\/(x-|vnd\.)?wave?$/, all(text(0, 'RIFF'), text(8, 'WAVE'))),
  format('image/avif', /^image\/avif$/, text(4, 'ftypavif', 'ftypavis')),
  format('image/heic', /^image\/hei[cf]$/, text(4, 'ftyphei', 'ftypmif1')),
  format('video/mp4', /^(video|audio)\/(mp4|quicktime|x-m4[av]|3gpp2?)$/, text(4, 'ftyp')),
  format('video/webm', /^(video|audio)\/(webm|x-matroska|matroska)$/, bytes(0, '1a45dfa3')),
  format('audio/mpeg', /^audio\/(mpeg|mp3)$/, bytes(0, '494433', 'fffb', 'fff3', 'fff2')),
  format('audio/ogg', /^(audio|video|application)\/ogg$/, text(0, 'OggS')),
  format('image/tiff', /^image\/tiff$/, bytes(0, '49492a00', '4d4d002a')),
  format('image/x-icon', /^image\/(x-icon|vnd\.microsoft\.icon)$/, bytes(0, '00000100')),
  format('application/pdf', /^application\/pdf$/, text(0, '%PDF-')),
  // Office documents, e-books, and Java and Android archives are zip files too.
  format(
    'application/zip',
    /^application\/(x-)?(zip(-compressed)?|java-archive|epub\+zip|vnd\..+)$/,
    bytes(0, '504b0304', '504b0506'),
  ),
  format('application/gzip', /^application\/(x-)?(gzip|tgz|gtar)$/, bytes(0, '1f8b')),
  format(
    'text/html',
    /^(text\/html|application\/xhtml\+xml)$/,
    markup('(!doctype html|html|head|body|script|iframe)'),
  ),
  format('image/svg+xml', /^(image\/svg\+xml|(text|application)\/xml)$/, markup('svg')),
];

/**
 * Types of the table that other bytes can have too: XML of any kind, parts of a page, vendors' own formats,
 * films before MP4.
 */
const OTHER_BYTES_TOO =
  /^((text|application)\/xml|text\/html|application\/xhtml\+xml|application\/vnd\.(?!openxmlformats-|oasis\.).+|video\/quicktime)$/;

/** Enough for every format above, including white space and a comment in front. */
const HEAD_BYTES = 1024;

/**
 * Returns the type to store content as. If it is declared as nothing or as octets, the bytes decide.
 * Otherwise the declared type is used, unless the bytes contradict it: a page or a script declared as a
 * picture, or a picture that is none; then throws an InvalidInputError (`UnsupportedMediaType`). Types that
 * the table does not know, or whose bytes may look different, are believed unless the bytes are of another
 * format. A declared type is `type/subtype` and known parameters (charset, codecs, format, …), in 255
 * characters; anything else is refused too, since a browser may read another type in it.
 */
export function contentTypeOf(declared: string | undefined, content: Uint8Array): string {
  const head = Buffer.from(
    content.buffer,
    content.byteOffset,
    Math.min(content.length, HEAD_BYTES),
  );
  const found = FORMATS.find(({ matches }) => matches(head));
  const type = declared?.trim() ? essenceOf(declared) : UNKNOWN;
  if (type === UNKNOWN) return found?.type ?? UNKNOWN;

  const isRecognised =
    !OTHER_BYTES_TOO.test(type) && FORMATS.some(({ accepts }) => accepts.test(type));
  if (found ? found.accepts.test(type) : !isRecognised) return declared ?? type;
  throw refused(
    `Content is declared as ${quote(type)}, and its bytes are ${found ? found.type : 'not'}`,
  );
}

/** Returns the type without its parameters, in lower case. */
function essenceOf(declared: string): string {
  const [first = '', ...parameters] = splitAtSemicolons(declared);
  const type = first.trim().toLowerCase();
  const isWhole = declared.length <= MAX_TYPE_LENGTH && MEDIA_TYPE.test(type);
  if (isWhole && parameters.every(isKnown)) return type;
  throw refused(`Content type is ${quote(declared)}`);
}

function isKnown(parameter: string): boolean {
  const [, name = '', quoted, bare = ''] = PARAMETER.exec(parameter) ?? [];
  const known = Object.hasOwn(PARAMETERS, name.toLowerCase()) && PARAMETERS[name.toLowerCase()];
  return known instanceof RegExp && known.test(quoted ?? bare);
}

/** Splits at semicolons; one within quotes is part of a value. */
function splitAtSemicolons(text: string): string[] {
  return text.slice(0, MAX_TYPE_LENGTH).split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
}

function refused(message: string): InvalidInputError {
  const remedy = 'declare what it is, or nothing';
  return new InvalidInputError(message, { code: 'UnsupportedMediaType', status: 415, remedy });
}

function format(type: string, accepts: RegExp, matches: Format['matches']): Format {
  return { type, accepts, matches };
}

function bytes(at: number, ...hex: string[]): Format['matches'] {
  const wanted = hex.map((digits) => Buffer.from(digits, 'hex'));
  return (head) => wanted.some((one) => head.subarray(at, at + one.length).equals(one));
}

function text(at: number, ...wanted: string[]): Format['matches'] {
  return bytes(at, ...wanted.map((one) => Buffer.from(one, 'latin1').toString('hex')));
}

function all(...conditions: Format['matches'][]): Format['matches'] {
  return (head) => conditions.every((matches) => matches(head));
}

/**
 * Matches an element, after white space, a byte order mark, an XML declaration, a doctype or comments. Each
 * of these can end in one place only, so the pattern never backtracks over them.
 */
function markup(names: string): Format['matches'] {
  const pattern = new RegExp(
    `^(\\s|<\\?xml[^>]*>|<!--(?:(?!-->)[^])*-->|<!doctype svg(?:[^>[]|\\[[^\\]]*\\])*>)*<${names}[\\s/>]`,
    'i',
  );
  return (head) => pattern.test(head.toString('utf8'));
}
