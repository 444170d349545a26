import { placeOf, propsOf } from '../../project/places.ts';
import type { ProjectView } from '../../project/view.ts';
import type { Finding } from '../finding.ts';

const BEGINNING = `\${resources.infra.props.name}-`;

/**
 * Requires, if a stack `infra` is declared, that a function is named after it and its folder, so that no
 * two environments share one.
 */
export function names(view: ProjectView): Finding[] {
  if (!view.serverless.map('resources')?.has('infra')) return [];
  return view.project.functions.flatMap((fn) => {
    const written = propsOf(view, fn)?.get('functionName');
    const wanted = `${BEGINNING}${fn.resource}`;
    if (written?.kind === 'scalar' && written.value === wanted) return [];
    return [
      {
        source: placeOf(view, fn, 'functionName'),
        problem: `Function "${fn.resource}" is not named for its stack and its folder`,
        remedy: `write functionName: ${wanted}`,
      },
    ];
  });
}
