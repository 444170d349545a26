import { firstAfter } from '../oss/bytes.ts';
import { readCors, renderCors } from '../oss/cors-xml.ts';
import { readLifecycle, renderLifecycle } from '../oss/lifecycle-xml.ts';
import { readXml } from '../oss/read-xml.ts';
import type { UploadRecord } from '../oss/store/types.ts';
import { checkElements } from '../oss/taken/elements.ts';
import type { XmlElement } from '../xml/parse.ts';
import { ESCAPES, type XmlValue, xmlWriter } from '../xml/write.ts';
import { moment } from './format.ts';
import { type Html, html } from './html.ts';
import { heading, section, table } from './layout.ts';
import { field, type Handler, keysIn, PAGE_SIZE, to } from './page.ts';

/** Shows a bucket's settings, as documents of OSS's API, and its unfinished uploads. */
export const settingsPage: Handler = ({ account: { oss, clock }, names: [name = ''] }) => {
  const { cors, lifecycle } = oss.buckets.require(name);
  const uploads: UploadRecord[] = [];
  for (const [, upload] of oss.store.uploads.range(`${name}\0`, firstAfter(`${name}\0`))) {
    if (uploads.length === PAGE_SIZE) break;
    uploads.push(upload);
  }
  const xml = (root: string, value: XmlValue): string =>
    value === undefined ? '' : writeDocument(root, value);
  const document = (
    what: string,
    text: string,
    sample: string,
  ): Html => html`<form method="post" action="${to('buckets', name)}/${what}">
<textarea name="document" rows="${Math.max(6, Math.min(20, text.split('\n').length + 1))}" aria-label="${what}" spellcheck="false" placeholder="${sample}">
${text}</textarea><p><button>Save</button> <span class="dim">Empty: no rules.</span></p></form>`;
  return {
    title: `Settings of ${name}`,
    main: html`
${heading('settings', name, html`of the <a href="${to('buckets', name)}">bucket</a>`)}
${section('CORS', document('cors', xml('CORSConfiguration', cors && renderCors(cors)), CORS_SAMPLE))}
${section('Lifecycle', document('lifecycle', xml('LifecycleConfiguration', lifecycle?.length ? renderLifecycle(lifecycle) : undefined), LIFECYCLE_SAMPLE))}
${section(
  'Unfinished uploads',
  table(
    ['key', 'begun', 'parts#', ''],
    uploads.map((one) => uploadRow(one, [...oss.uploads.parts(one.uploadId)].length, clock.now())),
    'None.',
  ),
)}`,
  };
};

const writeDocument = xmlWriter({
  head: '',
  indented: true,
  tail: '',
  escapeText: (text) => text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char),
});

const CORS_SAMPLE = `<CORSConfiguration><CORSRule>
  <AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>
</CORSRule></CORSConfiguration>`;

const LIFECYCLE_SAMPLE = `<LifecycleConfiguration><Rule>
  <ID>old</ID><Prefix>tmp/</Prefix><Status>Enabled</Status><Expiration><Days>7</Days></Expiration>
</Rule></LifecycleConfiguration>`;

function uploadRow(
  { bucket, key, uploadId, initiated }: UploadRecord,
  parts: number,
  now: number,
): Html {
  return html`<tr><td>${key}</td><td>${moment(initiated, now)}</td><td class="n">${parts}</td><td><form method="post" action="${to('buckets', bucket)}/abort"><input type="hidden" name="key" value="${encodeURIComponent(key)}"><input type="hidden" name="upload" value="${uploadId}"><button class="danger">Abort</button></form></td></tr>
`;
}

export const setCors: Handler = async ({ account: { oss }, names: [name = ''], form }) => {
  oss.buckets.require(name);
  const body = await readDocument(form, 'CORSConfiguration');
  await oss.buckets.set(name, { cors: body && readCors(body) });
  return { seeOther: `${to('buckets', name)}/settings`, notice: saved('CORS', body) };
};

export const setLifecycle: Handler = async ({ account: { oss }, names: [name = ''], form }) => {
  oss.buckets.require(name);
  const body = await readDocument(form, 'LifecycleConfiguration');
  await oss.buckets.set(name, { lifecycle: body && readLifecycle(body, false) });
  oss.lifecycle.schedule();
  return { seeOther: `${to('buckets', name)}/settings`, notice: saved('Lifecycle', body) };
};

function saved(what: string, body: XmlElement | undefined): string {
  return body ? `${what} rules are saved` : `There are no ${what} rules any more`;
}

/**
 * Parses a document in the API's form; undefined where the field is empty. Throws MalformedXML, or
 * NotImplemented for what is not implemented here.
 */
async function readDocument(form: URLSearchParams, root: string): Promise<XmlElement | undefined> {
  const text = field(form, 'document').trim();
  if (text === '') return undefined;
  const element = await readXml(Buffer.from(text), root);
  checkElements(element);
  return element;
}

export const abortUpload: Handler = async ({ account: { oss }, names: [bucket = ''], form }) => {
  const key = keysIn(form, 'key')[0] ?? '';
  await oss.uploads.abort({ bucket, key, uploadId: field(form, 'upload') });
  return { seeOther: `${to('buckets', bucket)}/settings`, notice: `Aborted the upload of ${key}` };
};
