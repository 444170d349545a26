import { fromBytes, fromValidBytes } from '../oss/bytes.ts';
import { typeOfKey } from '../oss/content-types.ts';
import { boundaryOf, readForm } from '../oss/post/multipart.ts';
import { ownCaller } from './caller.ts';
import { ConsoleError } from './errors.ts';
import { bytes } from './format.ts';
import { type Html, html } from './html.ts';
import { type Handler, to } from './page.ts';

/** Returns the form on the page of a bucket. */
export function uploadForm(page: string, prefix: string): Html {
  return html`<form method="post" action="${page}/upload" enctype="multipart/form-data"><p class="actions">
<label>folder <input name="folder" size="24" value="${prefix.slice(0, prefix.lastIndexOf('/') + 1)}"></label>
<input type="file" name="file" required aria-label="file"> <button>Upload</button></p></form>`;
}

/**
 * Stores the form's file under its name, after the given folder, as it arrives; an object with that
 * key is replaced.
 */
export const upload: Handler = async ({ account, names: [bucket = ''], upload: sent }) => {
  const { oss } = account;
  const { acl: _, storageClass } = oss.buckets.require(bucket);
  if (!sent) throw new ConsoleError(400, 'No file was sent: choose one in the form of the bucket');
  const { fields, file } = await readForm(sent.body, boundaryOf(sent.contentType));
  // A browser writes a quote in a file's name as %22.
  const name = fromValidBytes(file.name)?.split(/[/\\]/).at(-1)?.replaceAll('%22', '"') ?? '';
  if (name === '') throw new ConsoleError(400, 'No file was chosen: go back and choose one');
  const key = `${fromBytes(fields.get('folder') ?? '').replace(/[^/]$/u, '$&/')}${name}`;
  const known = file.contentType !== undefined && file.contentType !== 'application/octet-stream';
  const type = known ? file.contentType : typeOfKey(key);
  const { size } = await oss.objects.put(
    { bucket, key },
    file.content,
    {
      properties: {
        headers: { ...(type !== undefined && { 'content-type': type }) },
        meta: {},
        acl: 'default',
        storageClass,
        tags: [],
      },
    },
    ownCaller(account),
  );
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  return {
    seeOther: `${to('buckets', bucket)}?prefix=${encodeURIComponent(folder)}`,
    notice: `Stored ${key}, ${bytes(size)}`,
  };
};
