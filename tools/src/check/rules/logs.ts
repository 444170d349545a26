import { toPlain } from 'fc-local/project';
import { placeOf } from '../../project/places.ts';
import { type ProjectView, TEMPLATE_FILE } from '../../project/view.ts';
import type { Finding } from '../finding.ts';

const WRITE_LOGS = 'log:PostLogStoreLogs';

/**
 * Requires that a function's role may write logs: FC writes them by that role, and without the permission
 * there are none.
 */
export function logs(view: ProjectView): Finding[] {
  return view.project.functions.flatMap((fn) => {
    const role = view.project.roles.find(({ name }) => name === fn.role);
    const may = role?.policies.some(({ document }) =>
      JSON.stringify(document).includes(`"${WRITE_LOGS}"`),
    );
    if (may || !role || !hasLogs(view, fn.resource)) return [];
    return [
      {
        source: placeOf(view, fn, 'role'),
        problem: `Function "${fn.resource}" has a logConfig, and its role may not write logs`,
        remedy: `allow ${WRITE_LOGS} in the role's policy in ${TEMPLATE_FILE}, as the other roles do`,
      },
    ];
  });
}

function hasLogs({ serverless }: ProjectView, resource: string): boolean {
  const entry = serverless.map('resources')?.map(resource);
  const name = entry?.map('extend')?.string('name');
  const inherited = name && serverless.map('template')?.map(name)?.get('logConfig');
  const tree = entry?.map('props')?.get('logConfig') ?? inherited;
  return Boolean(tree && toPlain(tree));
}
