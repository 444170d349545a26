import { hasCode, InvalidInputError } from '#shared/errors';
import { commandLine, run, UsageError, wholeNumber } from './cli.ts';
import { type Clients, clientsOf } from './quarantine/clients.ts';
import { idOf, quarantineKeys, readEntry } from './quarantine/entries.ts';
import { formatLine } from './quarantine/format.ts';
import { redrive } from './quarantine/redrive.ts';

const HELP = `Usage: npm run quarantine -- list         [--queue NAME]
       npm run quarantine -- show ID      [--queue NAME]
       npm run quarantine -- redrive [ID] [--queue NAME] [--rate N]

list      the messages that were set aside, with the reason
show      all that is known of one, as JSON
redrive   sends one, or all, back to the queue it came from, and takes it out of quarantine

  --queue NAME    only what came from there
  --rate N        messages a second (10)
  --bucket NAME   default BUCKET_NAME, else the bucket of infra/template.yaml

Works on the account of ALIBABA_CLOUD_ACCOUNT_ID in ALIBABA_CLOUD_REGION_ID, with the credentials that
npm run credentials -- explain shows. For the local cloud: eval "$(npm run -s local -- --env)"
`;

async function main(): Promise<void> {
  const { positionals, values } = commandLine({
    queue: { type: 'string' },
    bucket: { type: 'string' },
    rate: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return void process.stdout.write(HELP);
  const [command, id, ...rest] = positionals;
  const known = command === 'list' || command === 'show' || command === 'redrive';
  if (!known || rest.length > 0 || (command === 'list' && id) || (command === 'show' && !id))
    throw new UsageError(
      `"${positionals.join(' ')}" is no command; give list, show ID or redrive [ID]`,
    );
  const rate = wholeNumber('rate', values.rate, 1, 1000);

  const clients = await clientsOf(values.bucket);
  if (command === 'list') await list(clients, values.queue);
  else if (command === 'show') await show(clients, values.queue, id ?? '');
  else await sendBack(clients, values.queue, id, rate);
}

async function list({ bucket }: Clients, queue: string | undefined): Promise<void> {
  let count = 0;
  for await (const key of quarantineKeys(bucket, queue)) {
    console.log(await lineOf(bucket, key));
    count++;
  }
  console.log(`${count} in quarantine`);
}

async function lineOf(bucket: Clients['bucket'], key: string): Promise<string> {
  try {
    return formatLine(await readEntry(bucket, key));
  } catch (error) {
    const passedOver = error instanceof InvalidInputError || hasCode(error, 'NoSuchKey');
    if (!passedOver) throw error;
    return `${idOf(key)}  ${error.message}`; // no entry, or redriven in the meantime
  }
}

async function show({ bucket }: Clients, queue: string | undefined, id: string): Promise<void> {
  for await (const key of find(bucket, queue, id))
    console.log(JSON.stringify({ key, ...(await readEntry(bucket, key)) }, undefined, 2));
}

async function sendBack(
  clients: Clients,
  queue: string | undefined,
  id: string | undefined,
  rate: number,
): Promise<void> {
  const keys = find(clients.bucket, queue, id);
  const { sent, left } = await redrive(clients, keys, rate);
  for (const { id, reason } of left) console.error(`left ${id}: ${reason}`);
  console.log(`${sent} sent back, ${left.length} left in quarantine`);
  if (left.length > 0) process.exitCode = 1;
}

/** The keys of that message, or of all. */
async function* find(bucket: Clients['bucket'], queue: string | undefined, id?: string) {
  let found = false;
  for await (const key of quarantineKeys(bucket, queue)) {
    if (id !== undefined && idOf(key) !== id) continue;
    found = true;
    yield key;
  }
  if (id !== undefined && !found)
    throw new UsageError(`There is no message "${id}" in quarantine; list shows what there is`);
}

run(main);
