/**
 * The inner loop of CRC-64 as a WebAssembly module, assembled here: JavaScript has no 64-bit integers
 * that are as fast, by a factor of three. Sixteen bytes a turn:
 *
 *     do { crc ^= word[at]; next = word[at + 8];
 *          crc = T15[crc byte 0] ^ … ^ T8[crc byte 7] ^ T7[next byte 0] ^ … ^ T0[next byte 7];
 *     } while ((at += 16) < end)
 */
export interface Crc64Module {
  /** Table Tk, the remainder of each byte with k zero bytes behind it, is the 256 words from word 256 k on. Behind the sixteen is room for the bytes to be summed. */
  memory: WebAssembly.Memory;
  /** Goes on with the sum of the bytes from `at` to `end`, a multiple of sixteen of them and at least that many. */
  update(crc: bigint, at: number, end: number): bigint;
}

/** Of all the tables together. */
export const TABLES_BYTES = 16 * 256 * 8;

/** WebAssembly's binary format, as far as it is used. */
const I32 = 0x7f;
const I64 = 0x7e;
const LOOP = 0x03;
const NO_RESULT = 0x40;
const END = 0x0b;
const BRANCH_IF = 0x0d;
const LESS_THAN_32 = 0x49;
const ADD_32 = 0x6a;
const AND_32 = 0x71;
const SHIFT_LEFT_32 = 0x74;
const XOR = 0x85;
const SHIFT_RIGHT = 0x88;
const LOW_32 = 0xa7;

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const i32 = (value: number) => [0x41, ...leb128(value)];
const i64 = (value: number) => [0x42, ...leb128(value)];
const load64 = (offset: number) => [0x29, 0, ...leb128(offset)];

const [CRC, AT, STOP, NEXT] = [0, 1, 2, 3];

/** Looks up one of the eight bytes of a local in table `table`. */
function lookUp(local: number, byte: number, table: number): number[] {
  const index = [...get(local), ...i64(8 * byte), SHIFT_RIGHT, LOW_32, ...i32(255), AND_32];
  return [...index, ...i32(3), SHIFT_LEFT_32, ...load64(8 * 256 * table)];
}

/** The next word first: its look-ups do not depend on the sum so far. */
function lookUps(): number[] {
  const all = [NEXT, CRC].flatMap((local, word) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((byte) => lookUp(local, byte, 8 * word + 7 - byte)),
  );
  return all.flatMap((one, index) => (index === 0 ? one : [...one, XOR]));
}

function body(): number[] {
  return [
    [LOOP, NO_RESULT],
    [...get(CRC), ...get(AT), ...load64(0), XOR, ...set(CRC)],
    [...get(AT), ...load64(8), ...set(NEXT)],
    [...lookUps(), ...set(CRC)],
    [...get(AT), ...i32(16), ADD_32, ...set(AT)],
    [...get(AT), ...get(STOP), LESS_THAN_32, BRANCH_IF, 0],
    [END, ...get(CRC), END],
  ].flat();
}

/** Of a whole number that is not negative; the bytes mean the same read as signed or unsigned. */
function leb128(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, ...leb128(value >> 7)];
}

const sized = (bytes: readonly number[]) => [...leb128(bytes.length), ...bytes];
const section = (id: number, ...entries: number[][]) => [
  id,
  ...sized([entries.length, ...entries.flat()]),
];
const name = (text: string) => sized([...Buffer.from(text)]);

/** Compiles it, its memory one page of 64 KiB. */
export function crc64Module(): Crc64Module {
  const code = [
    [...Buffer.from('\0asm'), 1, 0, 0, 0],
    section(1, [0x60, 3, I64, I32, I32, 1, I64]), // type 0: (i64, i32, i32) -> i64
    section(3, [0]), // function 0 is of type 0
    section(5, [0, 1]), // memory 0 has one page at least
    section(7, [...name('memory'), 2, 0], [...name('update'), 0, 0]), // exports
    section(10, sized([1, 1, I64, ...body()])), // function 0: one more local, then its body
  ].flat();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(code)));
  return exports as unknown as Crc64Module;
}
