import { type Finding, type House, placeOf, propsOf } from '../house.ts';

const BEGINNING = `\${resources.infra.props.name}-`;

/** A function is named for the stack and its folder, so that no two environments share one. */
export function names(house: House): Finding[] {
  return house.project.functions.flatMap((fn) => {
    const written = propsOf(house, fn)?.get('functionName');
    const wanted = `${BEGINNING}${fn.resource}`;
    if (written?.kind === 'scalar' && written.value === wanted) return [];
    return [
      {
        source: placeOf(house, fn, 'functionName'),
        problem: `Function "${fn.resource}" is not named for its stack and its folder`,
        remedy: `write functionName: ${wanted}`,
      },
    ];
  });
}
