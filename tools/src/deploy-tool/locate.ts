import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LocalCloudError } from 'fc-local/project';

const PACKAGE = '@serverless-devs/s';

/**
 * Returns the script of the deploy tool, `s`: the one installed in the project, else the one that this
 * package finds. Throws LocalCloudError when there is neither.
 */
export function locateDeployTool(root: string): string {
  for (const from of [join(root, 'package.json'), import.meta.url]) {
    const found = packageFile(from);
    if (found) return join(dirname(found), 'bin', 's');
  }
  throw new LocalCloudError(
    'NoDeployTool',
    `The deploy tool, ${PACKAGE}, is installed neither in ${root} nor beside fc-templates`,
    `npm install --save-dev ${PACKAGE}`,
  );
}

function packageFile(from: string): string | undefined {
  try {
    return createRequire(from).resolve(`${PACKAGE}/package.json`);
  } catch {
    return undefined;
  }
}
