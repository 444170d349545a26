import { UsageError } from '../command-line/usage-error.ts';
import type { Files } from '../parts/files.ts';
import { MANIFEST_FILE, manifestIn } from './manifest.ts';

/**
 * Returns, in whole sentences, what of a function and its test does not fit a user's project. Throws
 * UsageError for a folder without a project.
 */
export function misfits(files: Files): string[] {
  if (!files.has('s.yaml'))
    throw new UsageError(
      'there is no s.yaml here; make a project with fc-templates create <folder>',
    );
  if (!files.has(MANIFEST_FILE))
    throw new UsageError('there is no package.json here; make one with npm init -y');
  const { type, devDependencies, dependencies } = manifestIn(files);
  const uses = (name: string) => Boolean(devDependencies?.[name] ?? dependencies?.[name]);
  const config = files.get('tsconfig.json');
  const out: string[] = [];
  if (type !== 'module')
    out.push(
      'This project is CommonJS ("type" in package.json is not "module"). The handler fits: it is bundled, and FC gets CommonJS. Its test is an ES module, which vitest runs as it is; code that you require stays as it is.',
    );
  if (config === undefined)
    out.push(
      'This project is JavaScript (there is no tsconfig.json). The handler fits: the build reads TypeScript and needs no compiler. Types are not checked.',
    );
  else if (!config.includes('allowImportingTsExtensions'))
    out.push(
      'The handler imports by full names (../order.ts): set "allowImportingTsExtensions" and "noEmit" in tsconfig.json, with "moduleResolution": "bundler".',
    );
  if (uses('jest'))
    out.push(
      'This project tests with jest, and the test is written for vitest: both can be there. Run it with npx vitest run, and keep jest away from it with "testPathIgnorePatterns": ["/test/functions/", "/test/permissions/"].',
    );
  return out;
}
