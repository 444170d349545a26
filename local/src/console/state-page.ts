import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LocalCloudError } from '../errors.ts';
import { FAULTS } from '../faults.ts';
import { boundaryOf, readForm } from '../oss/post/multipart.ts';
import { type Account, all } from './account.ts';
import { ConsoleError } from './errors.ts';
import { counted } from './format.ts';
import { type Html, html } from './html.ts';
import { confirmed, heading, section } from './layout.ts';
import { type Handler, numberField } from './page.ts';
import { FILE_TYPE } from './state/format.ts';
import { type Imported, importState } from './state/import.ts';
import { stateLines } from './state/write.ts';

/** Shows actions on the whole account. */
export const statePage: Handler = ({ account }) => ({
  title: 'State',
  main: html`
${heading('state', 'of the account')}
${section(
  'Export',
  html`<form method="get" action="/export"><p class="actions"><button>Export</button>
<label><input type="checkbox" name="secrets" value="keep"> with what is named like a secret</label></p></form>
<p class="dim">One file with queues, topics, subscriptions, buckets, messages and objects, so that a bug can be sent. No keys, users, roles, variables or logs are in it. In messages and texts, values named like secrets are left out; anything else is in it as it is.</p>`,
)}
${section(
  'Import',
  html`<form method="post" action="/import" enctype="multipart/form-data"><p class="actions">
<input type="file" name="file" required aria-label="file"> <button class="danger">Replace what is here</button></p></form>
<p class="dim">Messages and objects are the file's then, all of them or none; queues, topics and buckets that it does not name stay, empty. No trigger is set off.</p>`,
)}
${account.faults && section('Faults', faultsForm(account.faults))}
${section(
  'Clear',
  confirmed(
    'clear',
    'Clear everything…',
    html`<form method="post" action="/clear"><p><button class="danger">Remove ${counted(messagesIn(account), 'message')} and every object, for good</button></p></form>`,
  ),
)}`,
});

function messagesIn({ smq }: Account): number {
  let sum = 0;
  for (const { counts } of all((marker) => smq.listQueues({ marker })))
    sum += counts.active + counts.inactive + counts.delayed;
  return sum;
}

function faultsForm({ settings, isOn }: NonNullable<Account['faults']>): Html {
  const { rate = 0, seed = 1, faults = FAULTS } = settings ?? {};
  const state = isOn ? (settings ? `On: ${rate * 100} %.` : "On, by a test's own choice.") : 'Off.';
  return html`<form method="post" action="/faults">
<p class="${isOn && 'bad'}">${state}</p>
<p class="actions">${FAULTS.map(
    (fault) =>
      html`<label><input type="checkbox" name="fault" value="${fault}"${faults.includes(fault) && html` checked`}> ${fault}</label> `,
  )}</p>
<p class="actions"><label>each meets <input name="percent" size="4" inputmode="numeric" value="${Math.round(rate * 100)}"> % of requests</label>
<label>seed <input name="seed" size="8" inputmode="numeric" value="${seed}"></label> <button>Set</button> 0 % turns them off.</p>
</form>`;
}

export const setFaults: Handler = ({ account: { faults }, form }) => {
  if (!faults) throw new ConsoleError(404, 'This console has no switch for faults');
  const percent = numberField(form, 'percent') ?? 0;
  if (percent > 100) throw new ConsoleError(400, `percent is ${percent}: give 0 to 100`);
  const chosen = FAULTS.filter((fault) => form.getAll('fault').includes(fault));
  if (percent > 0 && chosen.length === 0)
    throw new ConsoleError(400, 'No fault was ticked: go back and tick some');
  faults.set(
    percent === 0
      ? undefined
      : { rate: percent / 100, faults: chosen, seed: numberField(form, 'seed') ?? 1 },
  );
  return {
    seeOther: '/state',
    notice: percent === 0 ? 'Faults are off' : `Faults meet ${percent} % of requests`,
  };
};

/** Removes messages, objects, unfinished uploads and sightings; queues, topics and buckets stay. */
export const clear: Handler = async ({ account: { smq, oss }, history, sightings }) => {
  await smq.replaceMessages(new Map());
  await oss.snapshot.put([], []);
  history.clear();
  sightings.clear();
  return { seeOther: '/state', notice: 'Everything is cleared' };
};

export const exportState: Handler = ({ account, query }) => {
  const keepSecrets = query.get('secrets') === 'keep';
  const stamp = new Date(account.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    file: Readable.from(stateLines(account, { keepSecrets })),
    headers: {
      'content-type': FILE_TYPE,
      'content-disposition': `attachment; filename="state-${stamp}.ndjson"`,
    },
  };
};

/**
 * Imports a file from the page's form, or directly from a program, which is answered with a line of
 * text.
 */
export const takeState: Handler = async ({ account, history, sightings, upload }) => {
  if (!upload) throw new ConsoleError(400, 'No file was sent: choose one');
  const isForm = upload.contentType !== FILE_TYPE;
  const content = isForm
    ? (await readForm(upload.body, boundaryOf(upload.contentType))).file.content
    : upload.body;
  const said = summary(await imported(account, content));
  history.clear();
  sightings.clear();
  return isForm
    ? { seeOther: '/state', notice: said }
    : { file: Readable.from([`${said}\n`]), headers: { 'content-type': 'text/plain' } };
};

/** Imports by way of a temporary file: it is read twice, and may be large. */
async function imported(account: Account, content: AsyncIterable<Uint8Array>): Promise<Imported> {
  const folder = await mkdtemp(join(tmpdir(), 'fc-local-import-'));
  try {
    const path = join(folder, 'state');
    await pipeline(content, createWriteStream(path));
    return await importState(account, path);
  } catch (error) {
    if (error instanceof LocalCloudError)
      throw new ConsoleError(400, `${error.message}; ${error.remedy}`, { cause: error });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function summary({ queues, topics, buckets, messages, objects, hidden }: Imported): string {
  const parts = [
    counted(queues, 'queue'),
    counted(topics, 'topic'),
    counted(buckets, 'bucket'),
    counted(messages, 'message'),
    counted(objects, 'object'),
  ];
  const without =
    hidden > 0 ? `; in ${hidden} of them, what was named like a secret is left out` : '';
  return `Imported ${parts.join(', ')}${without}`;
}
