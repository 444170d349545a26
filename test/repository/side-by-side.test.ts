import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { sideBySide } from '../../build/side-by-side.ts';

/** A command that runs this code. */
const node = (code: string) => `"${process.execPath}" -e "${code}"`;

async function run(...all: string[][]) {
  const pieces: string[] = [];
  const failed = await sideBySide(all, (text) => void pieces.push(text));
  return { pieces, failed };
}

it('passes on in one piece what each command prints on both streams', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'side-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = (name: string) => JSON.stringify(join(folder, name)).replaceAll('"', "'");
  // Each prints once before the other goes on.
  const meets = (mine: string, other: string) =>
    node(
      `console.log('begins'); fs.writeFileSync(${file(mine)}, ''); while (!fs.existsSync(${file(other)})); console.error('ends')`,
    );
  const [one, two] = [meets('one', 'two'), meets('two', 'one')];
  const { pieces, failed } = await run([one], [two]);
  expect(failed).toEqual([]);
  expect(pieces.toSorted()).toEqual(
    [one, two].map((command) => `> ${command}\nbegins\nends\n`).toSorted(),
  );
});

it('names each that fails, runs the others to their ends, and nothing after a failure', async () => {
  const fails = node('process.exit(3)');
  const killed = node("process.kill(process.pid, 'SIGKILL')");
  const says = node("console.log('done')");
  const { pieces, failed } = await run([fails, says], [says, killed], ['no-such-command-here']);
  expect(failed).toEqual([fails, killed, 'no-such-command-here']);
  expect(pieces.filter((piece) => piece === `> ${says}\ndone\n`)).toHaveLength(1);
});
