import { readSwitch } from '../command-line/switch.ts';

/** Whether packages get a code cache, and what to say if CODE_CACHE did not decide it. */
export interface Choice {
  codeCache: boolean;
  note?: string;
}

type Node = Pick<NodeJS.Process, 'version' | 'platform' | 'arch'>;

/** Platform of Function Compute's built-in runtimes. */
const FC = { platform: 'linux', arch: 'x64' };

/**
 * Decides whether to make a code cache, which only helps under the very Node that made it. `CODE_CACHE=1`
 * and `0` mean yes and no (as readSwitch reads them). Otherwise `CODE_CACHE_NODE` states which Node Function Compute runs, as
 * `process.version` in a deployed function; a cache is made if this process is the same version, on the
 * same platform.
 */
export function chooseCodeCache(env: NodeJS.ProcessEnv, node: Node = process): Choice {
  const asked = readSwitch('CODE_CACHE', env);
  if (asked !== undefined) return { codeCache: asked };
  const stated = env.CODE_CACHE_NODE?.trim().replace(/^v?/, 'v');
  if (stated === undefined || stated === 'v')
    return no(
      'set CODE_CACHE_NODE to what process.version is in a deployed function, or CODE_CACHE=0',
    );
  if (stated !== node.version) return no(`it is for Node ${stated}, and this is ${node.version}`);
  if (node.platform !== FC.platform || node.arch !== FC.arch)
    return no(`it is for ${FC.platform} ${FC.arch}, and this is ${node.platform} ${node.arch}`);
  return { codeCache: true, note: `With a code cache for Node ${stated}` };
}

function no(reason: string): Choice {
  return { codeCache: false, note: `No code cache: ${reason}` };
}
