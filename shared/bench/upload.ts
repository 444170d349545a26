// npx tsx --conditions=fc-source shared/bench/upload.ts [MiB] [rounds]
// Uploads to the local OSS, each in a process of its own: ours with MD5 and CRC-64 on, against what
// ali-oss offers, which computes neither. MiB/s and peak memory above the process's base as shares of
// multipartUpload's: interleaved rounds, medians.
import { interleaved, median, table } from 'fc-measure';
import { MIB, rig } from './upload/measure.ts';

const [mebibytes = 1024, rounds = 15] = process.argv.slice(2).map(Number);
const BASELINE = 'ali-oss multipartUpload, from a file';
const NAMES = [
  BASELINE,
  'ali-oss putStream, from a file',
  'upload, from a file',
  'upload, from a stream',
];

const bench = await rig(mebibytes * MIB);
try {
  const memory = new Map<string, number[]>(NAMES.map((name) => [name, []]));
  const speed = await interleaved(
    rounds,
    Object.fromEntries(
      NAMES.map((name) => [
        name,
        async () => {
          const { seconds, bytesAboveBase } = await bench.run(name);
          memory.get(name)?.push(bytesAboveBase / MIB);
          return mebibytes / seconds;
        },
      ]),
    ),
  );
  const speedOf = (name: string) => median(speed[name] ?? []);
  const memoryOf = (name: string) => median(memory.get(name) ?? []);
  const rows = NAMES.map((name) => [
    name,
    speedOf(name).toFixed(0),
    (speedOf(name) / speedOf(BASELINE)).toFixed(2),
    memoryOf(name).toFixed(0),
    (memoryOf(name) / memoryOf(BASELINE)).toFixed(2),
  ]);
  console.log(`${mebibytes} MiB to the local OSS, ${rounds} rounds, medians\n`);
  console.log(table([['', 'MiB/s', 'ratio', 'MiB above base', 'ratio'], ...rows]));
} finally {
  await bench.close();
}
