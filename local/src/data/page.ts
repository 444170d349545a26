import { PAGE_HEAD } from './page-file.ts';

const BRANCH = 1;
const LEAF = 2;
const OVERFLOW = 4;
const NODE_HEAD = 8;

const IN_OVERFLOW = 1;
const IS_TREE = 2;

/** The place of a value that has pages of its own. */
export interface LongValue {
  page: number;
  pages: number;
  size: number;
}

/** One entry of a leaf. */
export interface LeafNode {
  key: Buffer;
  /** The value's bytes, or their place. */
  value: Buffer | LongValue;
  /** Whether the value is the root of another tree. */
  isTree: boolean;
}

export interface BranchNode {
  key: Buffer;
  child: number;
}

/** An error in a page, worded to follow its number. */
export class DamagedPage extends Error {
  override readonly name = 'DamagedPage';
}

export function isLeaf(page: Buffer): boolean {
  return page.length >= PAGE_HEAD && page.readUInt16LE(18) === LEAF;
}

/** Reads the entries of a leaf. Throws DamagedPage. */
export function readLeaf(page: Buffer, number: number): LeafNode[] {
  checkHead(page, number, LEAF, 'a leaf');
  return nodeOffsets(page).map((offset) => {
    const size = page.readUInt32LE(offset);
    const flags = page.readUInt16LE(offset + 4);
    if (flags > IS_TREE) throw new DamagedPage('has an entry of an unknown kind');
    const key = keyAt(page, offset);
    const start = offset + NODE_HEAD + key.length;
    if (flags & IN_OVERFLOW) {
      if (start + 24 > page.length) throw new DamagedPage('has an entry that ends after it');
      const first = Number(page.readBigUInt64LE(start));
      const pages = Number(page.readBigUInt64LE(start + 16));
      return { key, value: { page: first, pages, size }, isTree: false };
    }
    if (start + size > page.length) throw new DamagedPage('has an entry that ends after it');
    return { key, value: page.subarray(start, start + size), isTree: (flags & IS_TREE) !== 0 };
  });
}

/**
 * Reads the children of a branch, each with the key it begins at; the first one's is empty. Throws
 * DamagedPage.
 */
export function readBranch(page: Buffer, number: number): BranchNode[] {
  checkHead(page, number, BRANCH, 'a branch');
  return nodeOffsets(page).map((offset, index) => ({
    key: index === 0 ? Buffer.alloc(0) : keyAt(page, offset),
    child: page.readUInt32LE(offset) + page.readUInt16LE(offset + 4) * 2 ** 32,
  }));
}

/** Throws DamagedPage unless the page is the first of `pages` that contain one value. */
export function checkOverflow(page: Buffer, number: number, pages: number): void {
  checkHead(page, number, OVERFLOW, 'the first of a long value');
  if (page.readUInt32LE(20) !== pages) throw new DamagedPage('is of another length than its entry');
}

function checkHead(page: Buffer, number: number, kind: number, name: string): void {
  if (page.length < PAGE_HEAD) throw new DamagedPage('is cut off');
  if (page.readUInt32LE(0) + page.readUInt32LE(4) * 2 ** 32 !== number)
    throw new DamagedPage(
      page.every((byte) => byte === 0) ? 'is all zeros' : 'is of another place',
    );
  if (page.readUInt16LE(18) !== kind) throw new DamagedPage(`is not ${name}`);
}

function nodeOffsets(page: Buffer): number[] {
  const lower = page.readUInt16LE(20);
  const upper = page.readUInt16LE(22);
  const room = page.length - PAGE_HEAD;
  if (lower % 2 !== 0 || lower > upper || upper > room)
    throw new DamagedPage('has bounds outside of it');
  const offsets: number[] = [];
  for (let at = 0; at < lower; at += 2) {
    const offset = page.readUInt16LE(PAGE_HEAD + at);
    if (offset < upper || offset + NODE_HEAD > room)
      throw new DamagedPage('has an entry outside of it');
    offsets.push(offset + PAGE_HEAD);
  }
  return offsets;
}

function keyAt(page: Buffer, offset: number): Buffer {
  const length = page.readUInt16LE(offset + 6);
  const start = offset + NODE_HEAD;
  if (start + length > page.length) throw new DamagedPage('has a key that ends after it');
  return page.subarray(start, start + length);
}
