import { CACHED_SIZE_BUDGET, SIZE_BUDGET } from '../../build.ts';
import { type Finding, type House, placeOf } from '../house.ts';

const BUNDLE = ['index.js'];
const WITH_CODE_CACHE = ['index.js', 'bundle.js', 'bundle.cache'];

/** A package holds what the build puts there and nothing next to it, and is small: FC loads it at each cold start. */
export function packages(house: House): Finding[] {
  return house.project.functions.flatMap((fn) => {
    const folder = `dist/${fn.resource}`;
    const files = house.files(folder);
    const cached = files.includes(`${folder}/bundle.cache`);
    const expected = (cached ? WITH_CODE_CACHE : BUNDLE).map((file) => `${folder}/${file}`);
    const findings: Finding[] = files
      .filter((file) => !expected.includes(file))
      .map((file) => ({
        source: file,
        problem: `the package of "${fn.resource}" holds more than its bundle`,
        remedy: `npm run build -- ${fn.resource}, and let nothing write there`,
      }));
    const size = expected.reduce((total, file) => total + house.zipped(file), 0);
    const budget = cached ? CACHED_SIZE_BUDGET : SIZE_BUDGET;
    if (size > budget)
      findings.push({
        source: placeOf(house, fn, 'code'),
        problem: `${folder} is ${Math.ceil(size / 1024)} KB zipped, and ${budget / 1024} KB are allowed`,
        remedy: 'import less: one helper of shared/ at a time, and no SDK as a whole',
      });
    return findings;
  });
}
