// npm run mutate [-- folder… file.ts… [number]]: changes the kit's sources one place at a time and says which changes
// no test notices: of all folders or of those named, in all files or in those of the names given; number is how many of
// each folder at most (MUTATE_VERBOSE=1: each as it is tried). Fails when less than 90 % of a folder's are noticed, or one
// that is not is not named in survivors.ts.
import { fileURLToPath } from 'node:url';
import { FOLDERS } from './folders.ts';
import { shortfall, summary } from './report.ts';
import { SURVIVORS } from './survivors.ts';
import { tryFolder } from './trial.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

const given = process.argv.slice(2);
const max = Number(given.find((one) => /^\d+$/.test(one)) ?? Number.POSITIVE_INFINITY);
const files = given.filter((one) => one.endsWith('.ts'));
const wanted = given.filter((one) => !/^\d+$|\.ts$/.test(one));
const unknown = wanted.filter((name) => !(name in FOLDERS));
if (unknown.length > 0)
  throw new Error(`No folder ${unknown.join(', ')}: give ${Object.keys(FOLDERS).join(', ')}`);

for (const [name, folder] of Object.entries(FOLDERS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const result = await tryFolder(ROOT, folder, {
    max,
    ...(files.length > 0 && { files }),
    known: (mutant) => mutant.name in SURVIVORS,
    ...(process.env.MUTATE_VERBOSE && {
      tell: (mutant, noticed) => console.log(noticed ? 'noticed' : 'SURVIVED', mutant.name),
    }),
  });
  console.log(summary(name, result));
  for (const fault of shortfall(result)) {
    console.log(`  ${fault}`);
    process.exitCode = 1;
  }
}
