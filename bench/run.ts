// npx tsx bench/run.ts (npm run bench)
// Every benchmark one after another, in under five minutes; writes bench/results.md.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../tools/src/build.ts';

interface Bench {
  name: string;
  title: string;
  args?: string[];
  /** Where it writes its report; standard output unless told otherwise. */
  report?: 'stdout' | 'stderr';
}

const BENCHES: Bench[] = [
  { name: 'cold-start', title: 'Cold start' },
  { name: 'drain', title: 'Drain' },
  { name: 'invoke', title: 'Warm overhead', report: 'stderr' },
  { name: 'cost', title: 'Cost of a million messages' },
  { name: 'upload', title: 'Upload', args: ['128'] },
  { name: 'start', title: 'Start of the local cloud' },
  { name: 'faults', title: 'Faults', args: ['200'] },
  { name: 'smq', title: 'Local SMQ', args: ['--quick'] },
  { name: 'oss', title: 'Local OSS' },
];

/** Longer than any takes: one that hangs is ended, and the rest still run. */
const TIMEOUT_MS = 120_000;

function run({ name, args = [], report = 'stdout' }: Bench): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=fc-source', join(import.meta.dirname, `${name}.ts`), ...args],
    { cwd: ROOT, timeout: TIMEOUT_MS },
  );
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output[report].trim());
      else reject(new Error(`bench/${name} ended with ${code}:\n${output.stderr.trim()}`));
    });
  });
}

const head = `# Results

Written by \`npm run bench\`: Node ${process.version}, ${platform()} ${arch()}, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}). Only the ratios mean anything on another machine.
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
    `bench/${bench.name}.ts`,
    ...(bench.args ?? []),
  ].join(' ');
  sections.push(`## ${bench.title}\n\n\`${command}\`\n\n${text}\n`);
}
await writeFile(join(import.meta.dirname, 'results.md'), sections.join('\n'));
