// npx tsx --conditions=fc-source bench/run.ts (npm run bench)
// Every benchmark one after another, in about twelve minutes; writes bench/results.md, with what the release
// before measured where it measured the same.
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

interface Bench {
  /** Path from the root, without its extension. */
  file: string;
  title: string;
  args?: string[];
  /** Where it writes its report; default standard output. */
  report?: 'stdout' | 'stderr';
}

const BENCHES: Bench[] = [
  { file: 'bench/cold-start', title: 'Cold start', args: ['9'] },
  { file: 'shared/bench/drain', title: 'Drain' },
  { file: 'shared/bench/invoke', title: 'Warm overhead', report: 'stderr' },
  { file: 'bench/cost', title: 'Cost of a million messages' },
  { file: 'shared/bench/upload', title: 'Upload of 16 MiB', args: ['16'] },
  { file: 'shared/bench/upload', title: 'Upload of 128 MiB', args: ['128'] },
  { file: 'shared/bench/upload', title: 'Upload of 1 GiB', args: ['1024', '3'] },
  { file: 'local/bench/start', title: 'Start of the local cloud', args: ['7'] },
  { file: 'bench/faults', title: 'Faults', args: ['200'] },
  { file: 'local/bench/smq', title: 'Local SMQ', args: ['--quick'] },
  { file: 'local/bench/oss', title: 'Local OSS' },
  { file: 'local/bench/console', title: 'Console' },
  { file: 'local/bench/fc', title: 'Local Function Compute' },
];

/** The results of the release before. */
const BEFORE = 'results-0.1.0.md';

/** Longer than any benchmark takes: one that hangs is ended, and the rest still run. */
const TIMEOUT_MS = 120_000;

function run({ file, args = [], report = 'stdout' }: Bench): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=fc-source', `${file}.ts`, ...args],
    {
      cwd: ROOT,
      timeout: TIMEOUT_MS,
      // A bench that reports on standard error writes to standard output what it measures.
      stdio: ['ignore', report === 'stderr' ? 'ignore' : 'pipe', 'pipe'],
    },
  );
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output[report].trim());
      else reject(new Error(`${file} ended with ${code}:\n${output.stderr.trim()}`));
    });
  });
}

/** Returns what is under the title there: its command, and what that printed. */
function sectionOf(results: string, title: string): string | undefined {
  const section = results.split(/^## /m).find((text) => text.startsWith(`${title}\n`));
  return section?.slice(title.length).trim();
}

const before = await readFile(join(import.meta.dirname, BEFORE), 'utf8');
const head = `# Results

Written by \`npm run bench\`: Node ${process.version}, ${platform()} ${arch()}, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}). Only the ratios mean anything on another machine.
Under "Before" is what 0.1.0 measured (\`${BEFORE}\`), on a machine of its own.
`;
const sections: string[] = [head];
for (const bench of BENCHES) {
  const start = performance.now();
  let text: string;
  try {
    text = await run(bench);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
    text = 'It failed.';
  }
  console.log(
    `\n## ${bench.title} (${((performance.now() - start) / 1000).toFixed(0)} s)\n\n${text}`,
  );
  const command = [
    'npx tsx --conditions=fc-source',
    `${bench.file}.ts`,
    ...(bench.args ?? []),
  ].join(' ');
  const former = sectionOf(before, bench.title);
  const now = `## ${bench.title}\n\n\`${command}\`\n\n${text}\n`;
  sections.push(former === undefined ? now : `${now}\n### Before\n\n${former}\n`);
}
await writeFile(join(import.meta.dirname, 'results.md'), sections.join('\n'));
