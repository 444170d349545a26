import { type Finding, type House, SCENARIOS_FILE } from '../house.ts';

const TESTS = 'test/functions';

/** Each function has a test of its name and a scenario that proves its permissions; each test has its function. */
export function tests(house: House): Finding[] {
  const files = house.files(TESTS).filter((file) => file.endsWith('.test.ts'));
  const tested = new Set(files.map(functionOf));
  const missing = house.folders
    .filter((name) => !tested.has(name))
    .map((name) => ({
      source: `functions/${name}/index.ts`,
      problem: `there is no ${TESTS}/${name}.test.ts`,
      remedy: 'write it: the handler called directly, and as a bundle in the local runtime',
    }));
  const orphans = files
    .filter((file) => !house.folders.includes(functionOf(file)))
    .map((file) => ({
      source: file,
      problem: `there is no functions/${functionOf(file)}/`,
      remedy: 'name the test for its function, or take it out',
    }));
  return [...missing, ...orphans, ...scenarios(house)];
}

/** `test/functions/a/part.test.ts` and `test/functions/a.test.ts` both test `a`. */
function functionOf(file: string): string {
  return (file.split('/')[2] ?? '').replace(/(\.\w+)?\.test\.ts$/, '');
}

function scenarios(house: House): Finding[] {
  const lines = house.read(SCENARIOS_FILE).split('\n');
  return house.folders
    .filter((name) => !lines.some((line) => new RegExp(`^  async '?${name}'?\\(`).test(line)))
    .map((name) => ({
      source: SCENARIOS_FILE,
      problem: `no scenario proves the permissions of "${name}"`,
      remedy: `add to SCENARIOS: async '${name}'(cloud) { … }, doing all that the function does`,
    }));
}
