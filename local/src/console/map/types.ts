import type { Policy } from '../../identities/policy.ts';
import type { FunctionSpec } from '../../project/types.ts';
import type { ThingKind } from '../uses.ts';

export type NodeKind = ThingKind | 'http' | 'timer' | 'endpoint';

/** One thing of the account. */
export interface MapNode {
  /** Kind and name. */
  id: string;
  kind: NodeKind;
  name: string;
  /** Its counts, in a few words. */
  note?: string;
  /** Something in it failed or waits as a dead letter. */
  bad?: boolean;
  /** Its page in the console, or its own address. */
  href?: string;
}

/** How something comes from one node to another. */
export interface MapEdge {
  from: string;
  to: string;
  /** In a few words: `tag urgent`, `sends 12`. */
  label: string;
  /** `may`: the role allows it and a variable or the policy names it, but it was not seen. */
  kind: 'flow' | 'dead' | 'may';
  bad?: boolean;
}

/** What an account holds, as a picture. */
export interface MapGraph {
  nodes: MapNode[];
  edges: MapEdge[];
  /** Things that are not in it, since there are too many. */
  left: number;
}

/** What is drawn: of a running account, or of the project's files. */
export interface Inventory {
  functions: readonly FunctionSpec[];
  queues: readonly { name: string; deadLetter?: { queue: string; maxReceiveCount: number } }[];
  topics: readonly { name: string }[];
  subscriptions: readonly {
    topic: string;
    endpoint: string;
    filterTag?: string;
    deadLetterQueue?: string;
  }[];
  buckets: readonly { name: string }[];
  /** Of a role by name. */
  policiesOf(role: string): readonly Policy[];
}

export function idOf(kind: NodeKind, name: string): string {
  return `${kind} ${name}`;
}
