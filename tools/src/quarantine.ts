import { hasCode, InvalidInputError } from 'fc-kit/handler';
import { commandLine, run, UsageError, wholeNumber } from './cli.ts';
import { type Clients, clientsOf } from './quarantine/clients.ts';
import { keptInQueue } from './quarantine/dead-letters.ts';
import { type Kept, keptInBucket } from './quarantine/entries.ts';
import { formatLine } from './quarantine/format.ts';
import { type RedriveOptions, redrive } from './quarantine/redrive.ts';

const HELP = `Usage: npm run quarantine -- list         [--queue NAME]
       npm run quarantine -- show ID      [--queue NAME]
       npm run quarantine -- redrive [ID] [--queue NAME] [--rate N] [--to NAME]

list      the messages that were set aside, with the reason
show      all that is known of one, as JSON
redrive   sends one, or all, back to the queue it came from, and takes it out of quarantine

  --queue NAME          only what came from there
  --rate N              messages a second (10)
  --to NAME             send to this queue instead
  --bucket NAME         default BUCKET_NAME, else the bucket of infra/template.yaml
  --dead-letters NAME   what lies in this queue, in place of the bucket; it is hidden from others meanwhile

Works on the account of ALIBABA_CLOUD_ACCOUNT_ID in ALIBABA_CLOUD_REGION_ID, with the credentials that
npm run credentials -- explain shows. For the local cloud: eval "$(npm run -s local -- --env)"
`;

async function main(): Promise<void> {
  const { positionals, values } = commandLine({
    queue: { type: 'string' },
    bucket: { type: 'string' },
    'dead-letters': { type: 'string' },
    to: { type: 'string' },
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
  const dead = values['dead-letters'];
  if (dead !== undefined && values.to === dead)
    throw new UsageError(`--to is "${dead}", the queue that is read: it would never be empty`);

  const clients = await clientsOf(values.bucket);
  const kept = dead
    ? keptInQueue(clients.smq.queue(dead), values.queue)
    : keptInBucket(clients.bucket, values.queue);
  if (command === 'list') await list(kept);
  else if (command === 'show') await show(only(kept, id));
  else await sendBack(clients, only(kept, id), { rate, to: values.to });
}

async function list(kept: AsyncIterable<Kept>): Promise<void> {
  let count = 0;
  for await (const message of kept) {
    console.log(await lineOf(message));
    count++;
  }
  console.log(`${count} in quarantine`);
}

async function lineOf(message: Kept): Promise<string> {
  try {
    return formatLine(await message.read());
  } catch (error) {
    const passedOver = error instanceof InvalidInputError || hasCode(error, 'NoSuchKey');
    if (!passedOver) throw error;
    return `${message.id}  ${error.message}`; // no entry, or redriven in the meantime
  }
}

async function show(kept: AsyncIterable<Kept>): Promise<void> {
  for await (const { place, read } of kept)
    console.log(JSON.stringify({ place, ...(await read()) }, undefined, 2));
}

async function sendBack(
  clients: Clients,
  kept: AsyncIterable<Kept>,
  options: RedriveOptions,
): Promise<void> {
  const { sent, left } = await redrive(clients, kept, options);
  for (const { id, reason } of left) console.error(`left ${id}: ${reason}`);
  console.log(`${sent} sent back, ${left.length} left in quarantine`);
  if (left.length > 0) process.exitCode = 1;
}

/** The message of that id, or all. */
async function* only(kept: AsyncIterable<Kept>, id: string | undefined): AsyncGenerator<Kept> {
  let found = false;
  for await (const message of kept) {
    if (id !== undefined && message.id !== id) continue;
    found = true;
    yield message;
  }
  if (id !== undefined && !found)
    throw new UsageError(`There is no message "${id}" in quarantine; list shows what there is`);
}

run(main);
