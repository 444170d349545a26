import type { BusboyConstructor, BusboyInstance } from '@fastify/busboy';
import { quote } from '../errors/cut.ts';
import { InvalidInputError } from '../errors/errors.ts';
import { checkNotEncoded } from '../events/declared.ts';
import type { HttpRequest } from '../events/http.ts';
import { declaredTypes, typeOfUndeclared } from './part-types.ts';

/** A file that a client sent to be stored. */
export interface ReceivedFile {
  /**
   * Where the sender wants it: the request's path, whose last segment is the form's own file name if there
   * is one. Not checked: pass it to `objectKey`.
   */
  path: string;
  content: Buffer;
  /** As declared; undefined if it was not. Not checked: pass it to `contentTypeOf`. */
  contentType: string | undefined;
}

interface FormFile {
  name: string;
  type: string | undefined;
  content: Buffer;
}

/** Limits of a form: number of parts that are not files, bytes of each, and bytes and number of a part's headers. */
const MAX_FIELDS = 100;
const MAX_FIELD_BYTES = 64 * 1024;
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_HEADERS = 20;

/**
 * Returns the file in a request's body: the body itself (`curl -T photo.jpg`), or the one file of a form
 * (`multipart/form-data`, `curl -F file=@photo.jpg`) with the form's name and type for it; if it gives no
 * type, `text/plain` for text (RFC 7578), and none for other bytes. Throws an InvalidInputError:
 * `InvalidForm` for a form with no file, with several, or that cannot be read; `UnsupportedMediaType`
 * (status 415) for `application/x-www-form-urlencoded`, which is what `curl -d` declares by default; and as
 * checkNotEncoded does for a body declared as compressed.
 */
export async function receivedFile(
  request: Pick<HttpRequest, 'headers' | 'path' | 'body'>,
): Promise<ReceivedFile> {
  checkNotEncoded(request);
  const { path, body, headers } = request;
  const contentType = headers['content-type'];
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded')
    throw new InvalidInputError('Content type is application/x-www-form-urlencoded', {
      code: 'UnsupportedMediaType',
      status: 415,
      remedy:
        "declare what the content is: curl -T FILE, or --data-binary @FILE -H 'content-type: image/png'",
    });
  if (type !== 'multipart/form-data' || contentType === undefined)
    return { path, content: body, contentType };
  const file = await fileOf(contentType, body);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return { path: `${folder}${file.name}`, content: file.content, contentType: file.type };
}

async function fileOf(contentType: string, body: Buffer): Promise<FormFile> {
  const { default: Parser, Dicer } = await import('@fastify/busboy');
  const files = await filesOf(() => parserOf(Parser, contentType), body);
  // A browser sends an empty file field as a file without a name.
  const [file, second] = files.filter(({ name, content }) => name !== '' || content.length > 0);
  if (!file) throw invalidForm('Form has no file');
  if (second) throw invalidForm('Form has several files');
  if (file.type !== 'text/plain') return file;
  const declared = await declaredTypes(Dicer, contentType, body);
  const isDeclared = declared?.[files.indexOf(file)] ?? true;
  return isDeclared ? file : { ...file, type: typeOfUndeclared(file.content) };
}

function parserOf(Parser: BusboyConstructor, contentType: string): BusboyInstance {
  return new Parser({
    headers: { 'content-type': contentType },
    preservePath: true, // a name with a path is refused, not cut
    limits: {
      fields: MAX_FIELDS,
      parts: MAX_FIELDS,
      fieldSize: MAX_FIELD_BYTES,
      headerSize: MAX_HEAD_BYTES,
      headerPairs: MAX_HEADERS,
    },
  });
}

/** Returns all files of a form. The content of each is a part of the body, which is in memory already. */
function filesOf(open: () => BusboyInstance, body: Buffer): Promise<FormFile[]> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      reject(invalidForm(`Form cannot be read (${reason})`, error));
    };
    try {
      const files: FormFile[] = [];
      const parser = open();
      parser.on('file', (_field, stream, name, encoding, type) => {
        const pieces: Buffer[] = [];
        if (!/^(7bit|8bit|binary)$/.test(encoding))
          reject(
            invalidForm(`Form has a part in the Content-Transfer-Encoding ${quote(encoding)}`),
          );
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.once('error', fail);
        stream.once('end', () => {
          files.push({ name: name ?? '', type, content: Buffer.concat(pieces) });
        });
      });
      parser.once('fieldsLimit', () => fail(new Error(`more than ${MAX_FIELDS} fields`)));
      parser.once('partsLimit', () => fail(new Error(`more than ${MAX_FIELDS} parts`)));
      parser.once('error', fail);
      parser.once('finish', () => resolve(files));
      parser.end(body);
    } catch (error) {
      fail(error);
    }
  });
}

function invalidForm(message: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError(message, {
    code: 'InvalidForm',
    cause,
    remedy: 'send one file: curl -F file=@photo.jpg, or the content itself by curl -T photo.jpg',
  });
}
