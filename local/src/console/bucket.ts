import { fromBytes, toBytes } from '../oss/bytes.ts';
import { listNames } from '../oss/core/listing.ts';
import type { ObjectRecord } from '../oss/store/types.ts';
import { removeForm } from './create.ts';
import { bytes, counted, moment } from './format.ts';
import { type Html, html } from './html.ts';
import { heading, section, table } from './layout.ts';
import { type Handler, keyIn, MAX_KEY_BYTES, PAGE_SIZE, to } from './page.ts';
import { QUARANTINE } from './quarantine.ts';
import { uploadForm } from './upload.ts';

/** Shows the objects of a bucket under a prefix, folder by folder. */
export const bucketPage: Handler = ({ account: { oss, clock }, names: [name = ''], query }) => {
  const { acl, lifecycle = [] } = oss.buckets.require(name);
  const { objects, storage, uploads } = oss.tally(name);
  const prefix = keyIn(query, 'prefix');
  const { entries, commonPrefixes, next } = listNames(oss.store.objects, {
    scope: `${name}\0`,
    prefix: toBytes(prefix),
    delimiter: '/',
    after: Buffer.from(query.get('after') ?? '', 'base64url')
      .subarray(0, MAX_KEY_BYTES)
      .toString('latin1'),
    limit: PAGE_SIZE,
  });
  const page = to('buckets', name);
  const folders = commonPrefixes.map((bytes) => folderRow(page, fromBytes(bytes), prefix));
  const rows = entries.map(({ record }) => objectRow(page, record, prefix, clock.now()));
  const about = [
    counted(objects, 'object'),
    bytes(storage),
    acl,
    ...(uploads > 0 ? [counted(uploads, 'unfinished upload')] : []),
    ...(lifecycle.length > 0 ? [counted(lifecycle.length, 'lifecycle rule')] : []),
  ];
  return {
    title: name,
    main: html`
${heading('bucket', name, html`${about.join(', ')} · <a href="${page}/settings">CORS, lifecycle, unfinished uploads</a>`)}
${section(
  'Objects',
  html`<form method="get" action="${page}"><p class="actions"><label>prefix <input name="prefix" size="40" value="${prefix}"></label> <button>List</button> ${trail(page, prefix)}</p></form>
${uploadForm(page, prefix)}
<form method="post" action="${page}/delete-ticked">
<button formmethod="dialog" hidden></button>
${
  rows.length > 0 &&
  html`<p class="actions"><button class="danger">Delete ticked</button>${
    prefix.startsWith(QUARANTINE) &&
    html` <button formaction="${page}/redrive">Send ticked back to their queues</button>`
  }</p>`
}
${table(['', 'key', 'size#', 'type', 'modified'], [...folders, ...rows], 'None.')}
</form>
${next !== undefined && html`<p><a href="${listing(page, prefix)}&after=${Buffer.from(next, 'latin1').toString('base64url')}">More</a></p>`}`,
)}
${removeForm(page, 'the bucket, once it is empty,')}`,
  };
};

function listing(page: string, prefix: string): string {
  return `${page}?prefix=${encodeURIComponent(prefix)}`;
}

/** Returns links to the parent folders. */
function trail(page: string, prefix: string): Html {
  const parts = prefix.split('/').slice(0, -1);
  if (parts.length === 0) return html``;
  const links = parts.map((part, at) => {
    const above = `${parts.slice(0, at + 1).join('/')}/`;
    return html` / <a href="${listing(page, above)}">${part}</a>`;
  });
  return html`<span><a href="${page}">all</a>${links}</span>`;
}

/**
 * Returns a name without the folders in which it is listed. If the prefix ends within a word, that
 * word is shown whole.
 */
function below(name: string, prefix: string): string {
  return name.slice(prefix.lastIndexOf('/') + 1);
}

function folderRow(page: string, folder: string, prefix: string): Html {
  return html`<tr><td></td><td><a href="${listing(page, folder)}">${below(folder, prefix)}</a></td><td></td><td class="dim">folder</td><td></td></tr>
`;
}

function objectRow(page: string, object: ObjectRecord, prefix: string, now: number): Html {
  const { key, size, headers, target, lastModified } = object;
  const type = target === undefined ? headers['content-type'] : `symlink to ${target}`;
  return html`<tr><td><input type="checkbox" name="key" value="${encodeURIComponent(key)}" aria-label="object ${key}"></td><td><a href="${page}/object?key=${encodeURIComponent(key)}">${below(key, prefix) || key}</a></td><td class="n">${bytes(
    size,
  )}</td><td class="dim">${type}</td><td>${moment(lastModified, now)}</td></tr>
`;
}
