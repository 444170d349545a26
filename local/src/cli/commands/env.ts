import type { Command } from 'commander';
import { addAddressOptions, readAddresses } from '../cloud-options.ts';
import { exportLines } from '../export-lines.ts';
import { type Io, writeLine } from '../io.ts';

/** `fc-local env`: prints what points SDKs and tools at a cloud that was started with the same options. */
export function addEnv(program: Command, io: Io): void {
  const command = program
    .command('env')
    .description(
      'Print lines that point SDKs and tools of a shell at the local cloud:\neval "$(npx fc-local env)"',
    );
  addAddressOptions(command).action(() =>
    writeLine(io.stdout, exportLines(readAddresses(command))),
  );
}
