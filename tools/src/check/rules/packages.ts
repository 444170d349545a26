import { MAX_ZIPPED_BYTES, MAX_ZIPPED_BYTES_WITH_CODE_CACHE } from '../../build/size-budget.ts';
import { placeOf } from '../../project/places.ts';
import type { ProjectView } from '../../project/view.ts';
import { builtFunctions } from '../built-functions.ts';
import type { Finding } from '../finding.ts';

/** A file beside the bundle that it loads later, as the build writes that: named with a package's version. */
const LOADED_LATER = /\brequire\("\.\/([\w.-]+-\d+\.\d+\.\d+[\w.-]*\.js)"\)/g;

/** Requires that a package holds what the build puts there and nothing else, and is small: FC loads it at each cold start. */
export function packages(view: ProjectView): Finding[] {
  return builtFunctions(view).flatMap((fn) => {
    const folder = `dist/${fn.resource}`;
    const files = view.files(folder);
    const cached = files.includes(`${folder}/bundle.cache`);
    const expected = expectedIn(view, folder, cached);
    const findings: Finding[] = files
      .filter((file) => !expected.includes(file))
      .map((file) => ({
        source: file,
        problem: `the package of "${fn.resource}" holds more than its bundle`,
        remedy: `fc-templates build ${fn.resource}, and let nothing write there`,
      }));
    if (files.length > 0)
      for (const file of expected)
        if (file.endsWith('.js') && !files.includes(file))
          findings.push({
            source: file,
            problem: `the bundle of "${fn.resource}" loads it later, and it is not there`,
            remedy: `fc-templates build ${fn.resource}`,
          });
    const size = expected.reduce((total, file) => total + view.zipped(file), 0);
    const budget = cached ? MAX_ZIPPED_BYTES_WITH_CODE_CACHE : MAX_ZIPPED_BYTES;
    if (size > budget)
      findings.push({
        source: placeOf(view, fn, 'code'),
        problem: `${folder} is ${Math.ceil(size / 1024)} KB zipped, and ${budget / 1024} KB are allowed`,
        remedy: 'import less: one entry of fc-kit at a time, and no SDK as a whole',
      });
    return findings;
  });
}

/** Returns the files that the build puts there: the bundle and what it loads later, each with its cache. */
function expectedIn(view: ProjectView, folder: string, cached: boolean): string[] {
  const scripts = new Set([cached ? 'bundle.js' : 'index.js']);
  for (const script of scripts)
    for (const [, name = ''] of view.read(`${folder}/${script}`).matchAll(LOADED_LATER))
      scripts.add(name);
  const caches = [...scripts].map((script) => script.replace(/\.js$/, '.cache'));
  return [...(cached ? ['index.js', ...caches] : []), ...scripts].map(
    (file) => `${folder}/${file}`,
  );
}
