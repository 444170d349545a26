import {
  checkOverflow,
  DamagedPage,
  type LeafNode,
  type LongValue,
  readBranch,
  readLeaf,
} from './page.ts';
import { type Meta, PAGE_HEAD, type PageFile, readRoot, type TreeRoot } from './page-file.ts';

/** The whole description: `page 12 (byte 49152 of it) is all zeros`. */
export interface Problem {
  /** The table it is in; undefined where that is unknown. */
  table: string | undefined;
  text: string;
  /** Key of the single lost record; absent where another number of them is lost. */
  key?: Buffer;
}

export interface WalkListener {
  /** Called with the number of entries that a table states. */
  onTable?(table: string, entries: number): void;
  /** Called with an entry of a table, its value read whole. */
  onEntry?(table: string, key: Buffer, value: Buffer): void;
  onProblem(problem: Problem): void;
}

/**
 * Entries of the tree of free pages have transaction numbers as keys, which are not in the order of
 * their bytes.
 */
export const FREE = 'the list of free pages';
const TABLES = 'the list of tables';
const INTEGER_KEYS = 8;
/** LMDB's own limit. */
const MAX_DEPTH = 32;
const NOTHING: Buffer = Buffer.alloc(0);

/** Visits every page that belongs to a state of the file, skipping what is damaged. */
export class PageWalk {
  /** Pages in use. */
  readonly seen = new Set<number>();
  /** Free pages. */
  readonly free = new Set<number>();
  /** Whether some pages of a table could not be reached. */
  isIncomplete = false;
  readonly #file: PageFile;
  readonly #meta: Meta;
  readonly #tables: ReadonlySet<string>;
  readonly #listener: WalkListener;

  /** `tables`: the permitted names. */
  constructor(file: PageFile, meta: Meta, tables: Iterable<string>, listener: WalkListener) {
    this.#file = file;
    this.#meta = meta;
    this.#tables = new Set(tables);
    this.#listener = listener;
  }

  run(): void {
    this.#tree(FREE, this.#meta.free, (_, { key, value }) => {
      if (key.length !== 8) throw new DamagedPage('has a key that is no transaction');
      this.#addFree(this.valueOf(value));
    });
    this.#tree(TABLES, this.#meta.main, (_, { key, value, isTree }) => {
      const name = key.toString('latin1').replace(/\0$/, '');
      if (!isTree || !this.#tables.has(name))
        throw new DamagedPage(`names a table ${JSON.stringify(name)}, which there is not`);
      const root = readRoot(this.valueOf(value));
      if (root.flags !== 0) throw new DamagedPage(`says table ${name} is of another kind`);
      this.#listener.onTable?.(name, root.entries);
      this.#tree(name, root, (table, node) => {
        this.#listener.onEntry?.(table, node.key, this.valueOf(node.value));
      });
    });
    const problem = (text: string): void => this.#listener.onProblem({ table: FREE, text });
    for (const page of this.free)
      if (this.seen.has(page)) problem(`page ${page} is free and in use`);
    if (this.#meta.main.flags !== 0 || (this.#meta.free.flags & 0xff) !== INTEGER_KEYS)
      this.#listener.onProblem({
        table: undefined,
        text: 'its first pages say it is of another kind',
      });
    // Only free pages may be after the end of the file.
    const after = this.#meta.lastPage + 1 - Math.floor(this.#file.size / this.#meta.pageSize);
    if (after > this.free.size) problem(`${after} pages after the end of the file are not free`);
  }

  /** Reads the bytes of a value. Throws DamagedPage. */
  valueOf(value: LeafNode['value']): Buffer {
    if (Buffer.isBuffer(value)) return value;
    this.#checkLong(value);
    return this.#file.read(value.page * this.#meta.pageSize + PAGE_HEAD, value.size);
  }

  /** Checks where a long value is: LMDB does not, and reads whatever is there, or ends the process. */
  #checkLong({ page, pages, size }: LongValue): void {
    const { pageSize, lastPage } = this.#meta;
    if (pages < 1 || page + pages - 1 > lastPage || PAGE_HEAD + size > pages * pageSize)
      throw new DamagedPage('has a long value of an impossible length');
    try {
      checkOverflow(this.#page(page), page, pages);
    } catch (error) {
      if (!(error instanceof DamagedPage)) throw error;
      throw new DamagedPage(`has a long value from page ${page} on, which ${error.message}`);
    }
    if ((page + pages) * pageSize > this.#file.size)
      throw new DamagedPage('has a long value that goes on after the end of the file');
  }

  /** Claims the pages of a long value, which must belong to nothing else. */
  #claimLong(value: LongValue): void {
    this.#checkLong(value);
    for (let page = value.page; page < value.page + value.pages; page++) {
      if (this.seen.has(page)) throw new DamagedPage('has a long value in pages of something else');
      this.seen.add(page);
    }
  }

  #tree(table: string, tree: TreeRoot, onLeaf: (table: string, node: LeafNode) => void): void {
    if (tree.root === undefined) return;
    const counted = { entries: 0, damaged: false, last: NOTHING };
    const visit = (number: number, depth: number, from: Buffer): void => {
      try {
        const page = this.#claim(number);
        if (depth > 1) {
          let before = from;
          for (const { key, child } of readBranch(page, number)) {
            const begin = key.length > 0 ? key : from;
            if (table !== FREE && Buffer.compare(before, begin) > 0)
              throw new DamagedPage('has keys out of order');
            before = begin;
            visit(child, depth - 1, begin);
          }
          return;
        }
        for (const node of readLeaf(page, number)) {
          const first = counted.entries === 0;
          if (table !== FREE && !first && Buffer.compare(counted.last, node.key) >= 0)
            throw new DamagedPage('has keys out of order');
          if (table !== FREE && Buffer.compare(from, node.key) > 0)
            throw new DamagedPage('has keys of another page');
          counted.entries++;
          counted.last = node.key;
          try {
            if (!Buffer.isBuffer(node.value)) this.#claimLong(node.value);
            onLeaf(table, node);
          } catch (error) {
            if (!(error instanceof DamagedPage)) throw error;
            this.#problem(table, number, error.message, node.key);
          }
        }
      } catch (error) {
        if (!(error instanceof DamagedPage)) throw error;
        counted.damaged = true;
        this.#problem(table, number, error.message);
      }
    };
    if (tree.depth < 1 || tree.depth > MAX_DEPTH) {
      this.#problem(table, tree.root, 'begins a tree of an impossible depth');
      return;
    }
    visit(tree.root, tree.depth, NOTHING);
    if (!counted.damaged && counted.entries !== tree.entries)
      this.#listener.onProblem({
        table,
        text: `it has ${counted.entries} entries and says ${tree.entries}`,
      });
  }

  /** Reads a page and claims it: it must belong to nothing else. */
  #claim(number: number): Buffer {
    const page = this.#page(number);
    if (this.seen.has(number)) throw new DamagedPage('belongs to two places');
    this.seen.add(number);
    return page;
  }

  /** Reads a page of this state of the file. Throws DamagedPage. */
  #page(number: number): Buffer {
    const { pageSize, lastPage } = this.#meta;
    if (number < 2 || number > lastPage) throw new DamagedPage('is no page of this file');
    const page = this.#file.read(number * pageSize, pageSize);
    if (page.length === pageSize && page.readBigUInt64LE(8) > BigInt(this.#meta.transaction))
      throw new DamagedPage('is of a transaction to come');
    if (page.length < pageSize)
      throw new DamagedPage(`is after the end of the file, which has ${this.#file.size} bytes`);
    return page;
  }

  /**
   * Adds a record of free pages: first how many numbers follow; a negative one is the length of the
   * run that the next one begins, 0 is nothing.
   */
  #addFree(record: Buffer): void {
    const count = record.length >= 8 ? Number(record.readBigInt64LE(0)) : -1;
    if (count < 0 || (count + 1) * 8 > record.length)
      throw new DamagedPage('has a list of free pages of an impossible length');
    for (let i = 1; i <= count; i++) {
      const entry = Number(record.readBigInt64LE(i * 8));
      if (entry === 0) continue;
      const run = entry < 0 ? -entry : 1;
      const first = entry < 0 && i < count ? Number(record.readBigInt64LE(++i * 8)) : entry;
      if (first < 2 || first + run - 1 > this.#meta.lastPage)
        throw new DamagedPage('lists a free page that is none of this file');
      for (let page = first; page < first + run; page++) {
        if (this.free.has(page)) throw new DamagedPage('lists a free page twice');
        this.free.add(page);
      }
    }
  }

  #problem(table: string, page: number, reason: string, key?: Buffer): void {
    if (table !== FREE) this.isIncomplete = true;
    const at = page * this.#meta.pageSize;
    const text = `page ${page} (from byte ${at}) ${reason}`;
    this.#listener.onProblem({ table, text, ...(key && { key }) });
  }
}
