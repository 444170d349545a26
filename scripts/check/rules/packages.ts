import { SIZE_BUDGET, zippedSize } from '../../build.ts';
import { type Finding, type House, placeOf } from '../house.ts';

/** A package holds its bundle and nothing next to it, and is small: FC loads it at each cold start. */
export function packages(house: House): Finding[] {
  return house.project.functions.flatMap((fn) => {
    const folder = `dist/${fn.resource}`;
    const bundle = `${folder}/index.js`;
    const findings: Finding[] = house
      .files(folder)
      .filter((file) => file !== bundle)
      .map((file) => ({
        source: file,
        problem: `the package of "${fn.resource}" holds more than its bundle`,
        remedy: `npm run build -- ${fn.resource}, and let nothing write there`,
      }));
    const size = zippedSize(house.read(bundle));
    if (size > SIZE_BUDGET)
      findings.push({
        source: placeOf(house, fn, 'code'),
        problem: `${bundle} is ${Math.ceil(size / 1024)} KB zipped, and ${SIZE_BUDGET / 1024} KB are allowed`,
        remedy: 'import less: one helper of shared/ at a time, and no SDK as a whole',
      });
    return findings;
  });
}
