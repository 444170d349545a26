import type { Command } from 'commander';
import type { LogLine } from 'fc-local';
import { print, type Session } from '../command-line/io.ts';
import { choice, wholeNumber } from '../command-line/values.ts';
import { TAMPERINGS } from '../demo/tamper.ts';

interface Options {
  orders: number;
  tamper?: string;
  json?: boolean;
  signed?: boolean;
  keep?: boolean;
}

/** Defines `demo`: shows the sample functions at work. */
export function defineDemo(command: Command, session: Session): void {
  command
    .summary('send orders through the functions, in a local cloud')
    .description(
      `Starts the local cloud in memory, deploys the functions of s.yaml into it, sends orders to
topic-publisher and follows each one to its object in the bucket, then uploads one object by
oss-uploader and follows it to the record that oss-event-handler writes. With --keep the cloud
stays up, with a console that shows each order's way as a picture.`,
    )
    .addOption(wholeNumber('--orders <n>', 'how many orders', [1, 10_000]).default(5))
    .addOption(
      choice(
        '--tamper <how>',
        "break the functions' credentials and see what the services say: an X as the secret, or no token",
        Object.keys(TAMPERINGS),
      ),
    )
    .option('--signed', 'HTTP triggers want a signature, as deployed; the demo signs')
    .option('--keep', 'keep the cloud up until Ctrl-C, with its console')
    .option('--json', 'print one JSON object, last')
    .addHelpText('after', '\nExit code: 0 when every order was read back as it was sent, else 1.')
    .action(async ({ orders, tamper: how, json, signed = false, keep = false }: Options) => {
      const [
        { build },
        { startTestCloud },
        { runDemo },
        { lookInside },
        { formatTrace },
        { traceAddress },
        { localVariables, whomTheyLetIn },
      ] = await Promise.all([
        import('../build/build.ts'),
        import('fc-local/testing'),
        import('../demo/run-demo.ts'),
        import('../demo/queue-look.ts'),
        import('../demo/trace.ts'),
        import('../demo/trace-address.ts'),
        import('../demo/http-auth.ts'),
      ]);
      const say = (line: string) => (json ? undefined : print(session, line));
      const built = await build(session.project);
      if (built.length > 0) say(`Built ${built.map(({ name }) => name).join(', ')}`);
      const lines: LogLine[] = [];
      const tamper = how === undefined ? undefined : TAMPERINGS[how];
      const cloud = await startTestCloud({
        project: session.project,
        variables: localVariables(session.project, session.env, signed),
        console: keep,
        onLog: (line) => void lines.push(line),
        ...(tamper && { tamper }),
      });
      try {
        say(`Local cloud: SMQ ${cloud.smq.url}, OSS ${cloud.oss.url}, functions ${cloud.fc?.url}`);
        say(`${whomTheyLetIn(cloud) ?? ''}\n`);
        const look = lookInside(cloud);
        const result = await runDemo(cloud, { count: orders, lines, look, tamper });
        print(session, json ? JSON.stringify(result) : formatTrace(result));
        if (!result.ok) session.exitCode = 1;
        const trace = traceAddress(cloud, result);
        if (trace) say(`\nThe way of the first order: ${trace} (Ctrl-C stops)`);
        else if (!keep) say('With --keep the console shows this as a picture');
        if (keep) await session.untilStopped(() => cloud.close());
      } finally {
        await cloud.close();
      }
    });
}
