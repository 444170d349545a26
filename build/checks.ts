// npm run checks: what comes ahead of the tests. Side by side, since none of it keeps all processors busy.
import { sideBySide } from './side-by-side.ts';

const failed = await sideBySide(
  [
    // One checker: several would each look at what the files share.
    ['tsc --checkers 1'],
    ['npm run types:packages'],
    ['biome check --error-on-warnings'],
    ['fc-templates build', 'fc-templates check'],
  ],
  (text) => process.stdout.write(text),
);
if (failed.length > 0) {
  console.error(`Failed: ${failed.join('; ')}`);
  process.exitCode = 1;
}
