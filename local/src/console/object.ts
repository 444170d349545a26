import type { OssService } from '../oss/service.ts';
import type { ObjectRecord } from '../oss/store/types.ts';
import { ConsoleError } from './errors.ts';
import { asText, bytes, moment, pretty } from './format.ts';
import { type Html, html } from './html.ts';
import { confirmed, facts, heading, section } from './layout.ts';
import { type Handler, keyIn, to } from './page.ts';
import { QUARANTINE, readQuarantined } from './quarantine.ts';

/** Bytes of an object on a page; larger ones can be downloaded. */
const MAX_SHOWN_BYTES = 1024 * 1024;

/** Types that a browser shows as a picture; the sandbox of the answer stops an SVG's scripts. */
const IMAGES = /^image\/(png|jpeg|gif|webp|avif|bmp|svg\+xml)$/;

/**
 * Shows one object: its properties, and its content if that is text or a picture. A symlink is
 * shown as such.
 */
export const objectPage: Handler = async ({ account, names: [bucket = ''], query }) => {
  const { oss, clock } = account;
  const key = keyIn(query, 'key');
  const object = oss.objects.require({ bucket, key });
  const page = to('buckets', bucket);
  const named = `key=${encodeURIComponent(key)}`;
  return {
    title: key,
    main: html`
${heading('object', key, html`in <a href="${page}?prefix=${encodeURIComponent(key.slice(0, key.lastIndexOf('/') + 1))}">${bucket}</a> · <a href="${page}/download?${named}">download</a>`)}
${facts([
  ['size', object.size < 1024 ? bytes(object.size) : `${bytes(object.size)} (${object.size} B)`],
  ['modified', moment(object.lastModified, clock.now())],
  ['ETag', object.eTag],
  ['kind', object.type],
  ['ACL', object.acl],
  ...Object.entries(object.headers),
  ...Object.entries(object.meta).map(([name, value]) => [`x-oss-meta-${name}`, value] as const),
  ...object.tags.map(([name, value]) => [`tag ${name}`, value] as const),
])}
${await sendBack(oss, object, `${page}/redrive?${named}`)}
${section('Content', await content(oss, object, `${page}/image?${named}`))}
${account.accessKeyId !== undefined && signForm(`${page}/sign?${named}`)}
${confirmed('delete', 'Delete…', html`<form method="post" action="${page}/delete?${named}"><button class="danger">Remove it for good</button></form>`)}`,
  };
};

function signForm(action: string): Html {
  return html`<form method="post" action="${action}"><p class="actions"><button>Signed URL</button>
<label>for <select name="method"><option>GET</option><option>PUT</option></select></label> <label>within <input name="seconds" size="7" inputmode="numeric" placeholder="3600"> s</label></p></form>`;
}

/** Returns the button for a message that a consumer has quarantined. */
async function sendBack(oss: OssService, object: ObjectRecord, action: string): Promise<Html> {
  const isOne = object.key.startsWith(QUARANTINE) && object.size <= MAX_SHOWN_BYTES;
  const message = isOne && readQuarantined(await oss.readObject(object.bucket, object.key));
  if (!message) return html``;
  return html`<form method="post" action="${action}"><p class="actions"><button>Send it back</button> to <a href="${to('queues', message.queue)}">${message.queue}</a></p></form>`;
}

async function content(oss: OssService, object: ObjectRecord, image: string): Promise<Html> {
  if (object.target !== undefined) {
    const target = `${to('buckets', object.bucket)}/object?key=${encodeURIComponent(object.target)}`;
    return html`<p>That of <a href="${target}">${object.target}</a></p>`;
  }
  if (object.size === 0) return html`<p class="none">Empty.</p>`;
  if (isImage(object)) return html`<img src="${image}" alt="">`;
  const length = Math.min(object.size, MAX_SHOWN_BYTES);
  const chunks: Buffer[] = await oss.objects.stream(object, 0, length).toArray();
  const whole = length === object.size;
  const text = asText(Buffer.concat(chunks), { whole });
  if (text === undefined) return html`<p class="none">Not text: download it.</p>`;
  return html`<pre tabindex="0">${whole ? pretty(text) : text}</pre>${
    !whole && html`<p class="none">The first ${bytes(length)} of ${bytes(object.size)}.</p>`
  }`;
}

function isImage({ headers, size }: ObjectRecord): boolean {
  return IMAGES.test(headers['content-type'] ?? '') && size <= MAX_SHOWN_BYTES;
}

/** Answers the bytes of a picture for the page above. */
export const image: Handler = ({ account: { oss }, names: [bucket = ''], query }) => {
  const object = oss.objects.follow({ bucket, key: keyIn(query, 'key') });
  const type = object.headers['content-type'] ?? '';
  if (!isImage(object)) throw new ConsoleError(404, 'This object is not shown as a picture');
  return { file: oss.objects.stream(object), headers: { 'content-type': type } };
};

export const download: Handler = ({ account: { oss }, names: [bucket = ''], query }) => {
  const key = keyIn(query, 'key');
  const object = oss.objects.follow({ bucket, key });
  const name = encodeURIComponent(key.slice(key.lastIndexOf('/') + 1) || 'object');
  return {
    file: oss.objects.stream(object),
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(object.size),
      'content-disposition': `attachment; filename*=UTF-8''${name.replace(/['()*]/g, '_')}`,
    },
  };
};
