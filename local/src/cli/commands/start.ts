import type { Command } from 'commander';
import { addresses, debuggerLine, formatAddresses } from '../addresses.ts';
import { addAddressOptions, addCloudOptions, readCloud } from '../cloud-options.ts';
import { type Io, writeLine } from '../io.ts';
import { version } from '../version.ts';

/** `fc-local start`, also without its name: runs a cloud until it is stopped. */
export function addStart(program: Command, io: Io): void {
  const command = program
    .command('start', { isDefault: true })
    .description(
      'Start SMQ, OSS, STS and the functions of s.yaml, for any SDK. Ctrl-C stops them.',
    );
  addAddressOptions(addCloudOptions(command))
    .option('--json', 'print the addresses as one line of JSON')
    .action(async ({ json }: { json?: true }) => {
      const wanted = readCloud(command, io);
      if (!json) writeLine(io.stdout, `fc-local ${version()}: ${whatStarts(wanted)}`);
      const { startLocalCloud } = await import('../../main.ts');
      const stop = new AbortController();
      const starting = startLocalCloud(wanted, {
        stopped: stop.signal,
        onLog: ({ functionName, text }) => writeLine(io.stderr, `${functionName}  ${text}`),
        onProgress: (line) => writeLine(io.stderr, line),
      });
      // Ctrl-C while functions are being built ends the build, and closes what has been started.
      const stopped = io.untilStopped(async () => {
        stop.abort();
        await starting.then(
          (cloud) => cloud.close(),
          () => {},
        );
      });
      const cloud = await starting.catch((error: unknown) => {
        if (error !== stop.signal.reason) throw error;
      });
      if (!cloud) return stopped;
      for (const warning of cloud.project?.warnings ?? [])
        writeLine(io.stderr, `warning: ${warning}`);
      const ready = addresses(cloud, wanted);
      writeLine(
        io.stdout,
        json ? JSON.stringify({ ready: true, ...ready }) : formatAddresses(ready),
      );
      io.ready?.(cloud.fc !== undefined);
      if (wanted.inspect) writeLine(io.stderr, debuggerLine(wanted.inspect));
      await stopped;
    });
}

function whatStarts({ project, sYaml = 's.yaml' }: { project?: string; sYaml?: string }): string {
  return project === undefined ? 'the services alone' : `${sYaml} in ${project}`;
}
