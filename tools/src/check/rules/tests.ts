import { PERMISSIONS_FOLDER, type ProjectView } from '../../project/view.ts';
import type { Finding } from '../finding.ts';

const TESTS = 'test/functions';

/**
 * Requires, if there are tests of functions, one for each function by its name, and a function for each
 * test; if there are scenarios that prove permissions, one for each function.
 */
export function tests(view: ProjectView): Finding[] {
  const files = view.files(TESTS).filter((file) => file.endsWith('.test.ts'));
  if (files.length === 0) return scenarios(view);
  const tested = new Set(files.map(functionOf));
  const missing = view.folders
    .filter((name) => !tested.has(name))
    .map((name) => ({
      source: `functions/${name}/index.ts`,
      problem: `there is no ${TESTS}/${name}.test.ts`,
      remedy: 'write it: the handler called directly, and as a bundle in the local runtime',
    }));
  const orphans = files
    .filter((file) => !view.folders.includes(functionOf(file)))
    .map((file) => ({
      source: file,
      problem: `there is no functions/${functionOf(file)}/`,
      remedy: 'name the test for its function, or take it out',
    }));
  return [...missing, ...orphans, ...scenarios(view)];
}

/** `test/functions/a/part.test.ts` and `test/functions/a.test.ts` both test `a`. */
function functionOf(file: string): string {
  return (file.split('/')[2] ?? '').replace(/(\.\w+)?\.test\.ts$/, '');
}

function scenarios(view: ProjectView): Finding[] {
  const files = view.files(PERMISSIONS_FOLDER);
  if (files.length === 0) return [];
  const missing = view.folders
    .filter((name) => !files.includes(`${PERMISSIONS_FOLDER}/${name}.test.ts`))
    .map((name) => ({
      source: PERMISSIONS_FOLDER,
      problem: `no scenario proves the permissions of "${name}"`,
      remedy: `write ${PERMISSIONS_FOLDER}/${name}.test.ts, doing all that the function does`,
    }));
  const orphans = files
    .filter((file) => !view.folders.includes(functionOf(file)))
    .map((file) => ({
      source: file,
      problem: `there is no functions/${functionOf(file)}/`,
      remedy: 'name the scenario for its function, or take it out',
    }));
  return [...missing, ...orphans];
}
