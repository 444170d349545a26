/** Whether packages get a code cache, and what to say where that was not decided by CODE_CACHE. */
export interface Choice {
  codeCache: boolean;
  note?: string;
}

type Node = Pick<NodeJS.Process, 'version' | 'platform' | 'arch'>;

/** What Function Compute's built-in runtimes run on. */
const FC = { platform: 'linux', arch: 'x64' };

/**
 * A code cache is of use under the very Node that made it. `CODE_CACHE=1` and `0` say yes and no;
 * otherwise `CODE_CACHE_NODE` states which Node Function Compute runs, as `process.version` says it in
 * a deployed function, and there is a cache where this process is the same, on the same platform.
 */
export function chooseCodeCache(env: NodeJS.ProcessEnv, node: Node = process): Choice {
  const asked = env.CODE_CACHE?.trim();
  if (asked) return { codeCache: asked === '1' };
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
