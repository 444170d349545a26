import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes before a page's content. */
export const PAGE_HEAD = 24;
const META_FLAG = 8;
const MAGIC = 0xbeefc0de;
/**
 * The layout that the prebuilt LMDB of the `lmdb` package writes; another build may use another.
 */
const LAYOUT = 2;
const ROOT_BYTES = 48;

/** A tree of pages: one table, or a table of tables. */
export interface TreeRoot {
  flags: number;
  depth: number;
  entries: number;
  /** The number of its first page; undefined for an empty tree. */
  root: number | undefined;
}

/** The data that one of the two first pages has about the whole file. */
export interface Meta {
  pageSize: number;
  free: TreeRoot;
  main: TreeRoot;
  lastPage: number;
  transaction: number;
}

/** Reads an LMDB data file page by page without LMDB, which ends the process on a damaged one. */
export class PageFile {
  readonly path: string;
  readonly size: number;
  readonly #descriptor: number;

  /** Throws the file system's errors. */
  constructor(path: string) {
    this.path = path;
    this.#descriptor = openSync(path, 'r');
    this.size = fstatSync(this.#descriptor).size;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Reads these bytes, or as many as there are. */
  read(position: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const count = readSync(this.#descriptor, bytes, done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  }

  /** Whether the file's layout is known; any other cannot be read here. */
  get isKnown(): boolean {
    const head = this.read(0, 40);
    const isMeta = head.length === 40 && (head.readUInt16LE(18) & META_FLAG) !== 0;
    return !isMeta || head.readUInt32LE(24) !== MAGIC || (head[28] ?? 0) === LAYOUT;
  }

  /**
   * Reads the first or the second page; undefined when it is invalid. Of the two, the first has the
   * even transactions.
   */
  meta(number: 0 | 1, pageSize: number): Meta | undefined {
    const page = this.read(number * pageSize, 168);
    if (page.length < 168 || (page.readUInt16LE(18) & META_FLAG) === 0) return undefined;
    if (page.readUInt32LE(24) !== MAGIC || page[28] !== LAYOUT) return undefined;
    const size = page.readUInt32LE(48);
    if (size < 512 || size > 65_536 || (size & (size - 1)) !== 0) return undefined;
    const transaction = Number(page.readBigUInt64LE(152));
    if (transaction > 0 && transaction % 2 !== number) return undefined;
    return {
      pageSize: size,
      free: readRoot(page.subarray(48)),
      main: readRoot(page.subarray(96)),
      lastPage: Number(page.readBigUInt64LE(144)),
      transaction,
    };
  }
}

/** Reads the record of a tree. */
export function readRoot(bytes: Buffer): TreeRoot {
  if (bytes.length < ROOT_BYTES) return { flags: 0, depth: 0, entries: 0, root: undefined };
  const root = bytes.readBigUInt64LE(40);
  return {
    flags: bytes.readUInt16LE(4),
    depth: bytes.readUInt16LE(6),
    entries: Number(bytes.readBigUInt64LE(32)),
    root: root === 0xffff_ffff_ffff_ffffn ? undefined : Number(root),
  };
}
