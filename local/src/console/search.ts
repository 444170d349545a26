import { fromBytes } from '../oss/bytes.ts';
import { type Account, all } from './account.ts';
import { moment } from './format.ts';
import { type Html, html } from './html.ts';
import { heading, section, table } from './layout.ts';
import { type Handler, to } from './page.ts';
import { withoutSecrets } from './secrets.ts';

/** Maximum number of results of each kind, on the page. */
const MAX_FOUND = 100;
/** Maximum number of messages, and of objects, that are searched. */
const MAX_LOOKED_AT = 100_000;
const PAGE = 1000;
/** Characters shown on each side of a match. */
const AROUND = 60;

interface Found {
  rows: Html[];
  /** Whether there is more that was not searched, or not shown. */
  isPart: boolean;
}

/**
 * Searches a text in bodies and properties of messages, in keys of objects and in log lines,
 * ignoring case.
 */
export const searchPage: Handler = ({ account, query }) => {
  const typed = (query.get('q') ?? '').trim();
  const wanted = typed.toLowerCase();
  const found = wanted === '' ? undefined : findAll(account, wanted);
  const part = ({ rows, isPart }: Found, columns: string[]): Html =>
    html`${table(columns, rows, 'Not found.')}${isPart && html`<p class="none">There may be more.</p>`}`;
  return {
    title: 'Search',
    main: html`
${heading('search', typed === '' ? 'in messages, keys and log lines' : `for ${typed}`)}
<form method="get" action="/search"><p class="actions"><input type="search" name="q" size="40" value="${typed}" aria-label="text to look for"> <button>Search</button></p></form>
${found && section('Messages', part(found.messages, ['queue', 'sent', 'message']))}
${found && section('Objects', part(found.objects, ['bucket', 'key']))}
${found && section('Log lines', part(found.lines, ['function', 'at', 'line']))}`,
  };
};

function findAll(account: Account, wanted: string) {
  return {
    messages: inMessages(account, wanted),
    objects: inKeys(account, wanted),
    lines: inLogs(account, wanted),
  };
}

function inMessages({ smq, clock }: Account, wanted: string): Found {
  const rows: Html[] = [];
  let looked = 0;
  for (const { name } of all((marker) => smq.listQueues({ marker })))
    for (let from = 0; ; from += PAGE) {
      const page = smq.inspect(name, PAGE, from);
      for (const [nth, message] of page.entries()) {
        if (rows.length === MAX_FOUND || looked++ === MAX_LOOKED_AT) return { rows, isPart: true };
        const properties = [...(message.userProperties ?? []), ...(message.systemProperties ?? [])];
        const texts = [
          message.body,
          message.id,
          ...properties.map((one) => `${one.name} = ${one.value}`),
        ];
        const text = texts.find((one) => one.toLowerCase().includes(wanted));
        if (text === undefined) continue;
        rows.push(html`<tr><td><a href="${to('queues', name)}?from=${from + nth}">${name}</a></td><td>${moment(message.enqueueTime, clock.now())}</td><td class="body"><code>${around(text, wanted)}</code></td></tr>
`);
      }
      if (page.length < PAGE) break;
    }
  return { rows, isPart: false };
}

function inKeys({ oss }: Account, wanted: string): Found {
  const rows: Html[] = [];
  let looked = 0;
  for (const [id] of oss.store.objects.range('')) {
    if (rows.length === MAX_FOUND || looked++ === MAX_LOOKED_AT) return { rows, isPart: true };
    const [bucket = '', bytes = ''] = id.split('\0');
    const key = fromBytes(bytes);
    if (!key.toLowerCase().includes(wanted)) continue;
    rows.push(html`<tr><td><a href="${to('buckets', bucket)}">${bucket}</a></td><td><a href="${to('buckets', bucket, 'object')}?key=${encodeURIComponent(key)}">${key}</a></td></tr>
`);
  }
  return { rows, isPart: false };
}

/** Searches only the text shown: a secret must not be guessable letter by letter. */
function inLogs({ fc, functions, clock }: Account, wanted: string): Found {
  const rows: Html[] = [];
  for (const { name, resource } of fc ? functions : [])
    for (const { at, text, requestId } of [...(fc?.logs(name) ?? [])].reverse()) {
      const shown = withoutSecrets(text);
      if (!shown.toLowerCase().includes(wanted)) continue;
      if (rows.length === MAX_FOUND) return { rows, isPart: true };
      const page = to('functions', resource);
      const href =
        requestId === undefined ? page : `${page}/invocations/${encodeURIComponent(requestId)}`;
      rows.push(html`<tr><td><a href="${page}">${resource}</a></td><td>${moment(at, clock.now())}</td><td class="body"><a href="${href}"><code>${around(shown, wanted)}</code></a></td></tr>
`);
    }
  return { rows, isPart: false };
}

/** Returns the match, marked, with the text next to it. */
function around(text: string, wanted: string): Html {
  const at = Math.max(0, text.toLowerCase().indexOf(wanted));
  const start = Math.max(0, at - AROUND);
  const end = at + wanted.length;
  return html`${start > 0 && '…'}${text.slice(start, at)}<mark>${text.slice(at, end)}</mark>${text.slice(end, end + AROUND)}${end + AROUND < text.length && '…'}`;
}
