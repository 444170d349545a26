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
  /** Whether something in it failed or waits as a dead letter. */
  bad?: boolean;
  /** Its page in the console, or its own address. */
  href?: string;
}

/** A connection from one node to another. */
export interface MapEdge {
  from: string;
  to: string;
  /** A few words: `tag urgent`, `sends 12`. */
  label: string;
  /**
   * `may`: the role allows it and a variable or the policy names it, but it has not been observed.
   */
  kind: 'flow' | 'dead' | 'may';
  bad?: boolean;
}

/** The contents of an account, as a picture. */
export interface MapGraph {
  nodes: MapNode[];
  edges: MapEdge[];
  /** Number of things left out, since there are too many. */
  left: number;
}

/** The contents to draw: of a running account, or of the project's files. */
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
  /** Returns the policies of a role by name. */
  policiesOf(role: string): readonly Policy[];
}

export function idOf(kind: NodeKind, name: string): string {
  return `${kind} ${name}`;
}
