// npx tsx --conditions=fc-source shared/bench/upload.ts [MiB] [rounds]
// Uploads to the local OSS, each in a process of its own: ours with MD5 and CRC-64 on, against what
// ali-oss offers, which computes neither. MiB/s, milliseconds of the client's processor a MiB, and peak
// memory above the process's base, as shares of putStream's of the same round: interleaved, medians.
import { interleaved, median, table } from 'fc-measure';
import { MIB, rig } from './upload/measure.ts';

const [mebibytes = 1024, rounds = 15] = process.argv.slice(2).map(Number);
const BASELINE = 'ali-oss putStream, from a file';
const NAMES = [
  BASELINE,
  'ali-oss multipartUpload, from a file',
  'upload, from a file',
  'upload, from a stream',
];

const bench = await rig(mebibytes * MIB);
try {
  const cpu = new Map<string, number[]>(NAMES.map((name) => [name, []]));
  const memory = new Map<string, number[]>(NAMES.map((name) => [name, []]));
  const speed = await interleaved(
    rounds,
    Object.fromEntries(
      NAMES.map((name) => [
        name,
        async () => {
          const { seconds, cpuSeconds, bytesAboveBase } = await bench.run(name);
          cpu.get(name)?.push((cpuSeconds * 1000) / mebibytes);
          memory.get(name)?.push(bytesAboveBase / MIB);
          return mebibytes / seconds;
        },
      ]),
    ),
  );
  const share = (values: readonly number[], of: readonly number[]) =>
    median(values.map((value, round) => value / (of[round] ?? Number.NaN))).toFixed(2);
  const cells = (values: readonly number[] = [], of: readonly number[] = [], digits = 0) => [
    median(values).toFixed(digits),
    share(values, of),
  ];
  const rows = NAMES.map((name) => [
    name,
    ...cells(speed[name], speed[BASELINE]),
    ...cells(cpu.get(name), cpu.get(BASELINE), 2),
    ...cells(memory.get(name), memory.get(BASELINE)),
  ]);
  const head = ['', 'MiB/s', 'ratio', 'CPU ms a MiB', 'ratio', 'MiB above base', 'ratio'];
  console.log(`${mebibytes} MiB to the local OSS, ${rounds} rounds, medians\n`);
  console.log(table([head, ...rows]));
} finally {
  await bench.close();
}
