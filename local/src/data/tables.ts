import type { Key } from 'lmdb';

/**
 * How the keys of a table are encoded: `ordered` for text, numbers and pairs of them, `binary` for
 * bytes.
 */
export type KeyKind = 'ordered' | 'binary';

/** A key of a table, as LMDB accepts it. */
export type EnvironmentKey = Extract<Key, string | number | Key[] | Uint8Array>;

/** The tables of an environment, and how their keys are encoded. */
export type Tables = Readonly<Record<string, KeyKind>>;
