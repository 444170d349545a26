// Runs in its own process, started with --random-seed so that the same source gives the same bytes: reads
// a script from standard input, writes its cache to standard output. Argument: the script's name.
import { readFileSync, writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { digestOf, scriptOf } from './script.ts';

const source = readFileSync(0, 'utf8');
// Compiles every function: only running the bundle could show which of them a request needs.
setFlagsFromString('--no-lazy');
const script = scriptOf(process.argv.at(-1) ?? '', source);
setFlagsFromString('--lazy');
const data = script.createCachedData();

let rest = Buffer.concat([digestOf(source, data), data]);
while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
