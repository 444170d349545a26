import type { Command } from 'commander';
import { complain, print, type Session } from '../command-line/io.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { wholeNumber } from '../command-line/values.ts';
import type { Clients } from '../quarantine/clients.ts';
import type { KeptMessage } from '../quarantine/kept-message.ts';

interface Options {
  queue?: string;
  bucket?: string;
  deadLetters?: string;
}

interface RedriveOptions extends Options {
  rate: number;
  to?: string;
  decode?: boolean;
}

/** Defines `quarantine`: lists the messages that were set aside, and sends them back. */
export function defineQuarantine(command: Command, session: Session): void {
  command.summary('list, show and send back the messages that were set aside').description(
    `Looks at the messages that were set aside, and sends them back. Works on the account of
ALIBABA_CLOUD_ACCOUNT_ID in ALIBABA_CLOUD_REGION_ID, with the credentials that
fc-templates credentials explain shows. For a local cloud: eval "$(npx fc-local env)"`,
  );
  withPlace(command.command('list'))
    .description('Lists the messages that were set aside, with the reason.')
    .action(async (options: Options) => {
      const { kept } = await open(options, session);
      await list(kept, session);
    });
  withPlace(command.command('show'))
    .description('Shows all that is known of one, as JSON.')
    .argument('<id>', 'the id of the message')
    .action(async (id: string, options: Options) => {
      const { kept } = await open(options, session);
      for await (const { place, read } of only(kept, id))
        print(session, JSON.stringify({ place, ...(await read()) }, undefined, 2));
    });
  withPlace(command.command('redrive'))
    .description(
      'Sends one, or all, back to the queue it came from, and takes it out of quarantine.',
    )
    .argument('[id]', 'the id of the message; all of them without it')
    .addOption(wholeNumber('--rate <n>', 'messages a second', [1, 1000]).default(10))
    .option('--to <name>', 'send to this queue instead')
    .option('--decode', 'send the text of bodies that are base64 of JSON')
    .addHelpText('after', '\nExit code: 0 when none is left in quarantine, else 1.')
    .action(async (id: string | undefined, options: RedriveOptions) => {
      const { deadLetters, to } = options;
      if (deadLetters !== undefined && to === deadLetters)
        throw new UsageError(`--to is "${to}", the queue that is read: it would never be empty`);
      const { clients, kept } = await open(options, session);
      await sendBack(clients, only(kept, id), options, session);
    });
}

function withPlace(command: Command): Command {
  return command
    .option('--queue <name>', 'only what came from there')
    .option(
      '--bucket <name>',
      'the bucket of the quarantine; without it BUCKET_NAME, else the first that the project declares',
    )
    .option(
      '--dead-letters <name>',
      'what is in this queue, in place of the bucket; it is hidden from others meanwhile',
    );
}

async function open({ queue, bucket, deadLetters }: Options, session: Session) {
  const [{ clientsOf }, { keptInQueue }, { keptInBucket }] = await Promise.all([
    import('../quarantine/clients.ts'),
    import('../quarantine/dead-letters.ts'),
    import('../quarantine/entries.ts'),
  ]);
  if (deadLetters !== undefined && queue !== undefined)
    throw new UsageError(
      `--queue is "${queue}"; dead letters do not say where they came from, so leave it out`,
    );
  const clients = await clientsOf(session.project, bucket, session.env);
  const kept = deadLetters
    ? keptInQueue(clients.smq.queue(deadLetters))
    : keptInBucket(clients.bucket, queue);
  return { clients, kept };
}

async function list(kept: AsyncIterable<KeptMessage>, session: Session): Promise<void> {
  const { formatMessage } = await import('../quarantine/format.ts');
  let count = 0;
  for await (const message of kept) {
    print(session, await formatMessage(message));
    count++;
  }
  print(session, `${count} in quarantine`);
}

async function sendBack(
  clients: Clients,
  kept: AsyncIterable<KeptMessage>,
  options: RedriveOptions,
  session: Session,
): Promise<void> {
  const { redrive } = await import('../quarantine/redrive.ts');
  const { sent, left } = await redrive(clients, kept, options);
  for (const { id, reason } of left) complain(session, `left ${id}: ${reason}`);
  print(session, `${sent} sent back, ${left.length} left in quarantine`);
  if (left.length > 0) session.exitCode = 1;
}

/** Yields the message of that id, or all. */
async function* only(
  kept: AsyncIterable<KeptMessage>,
  id: string | undefined,
): AsyncGenerator<KeptMessage> {
  let found = false;
  for await (const message of kept) {
    if (id !== undefined && message.id !== id) continue;
    found = true;
    yield message;
  }
  if (id !== undefined && !found)
    throw new UsageError(`there is no message "${id}" in quarantine; list shows what there is`);
}
