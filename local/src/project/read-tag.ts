import { MAX_TAG_CHARACTERS } from '../smq/limits.ts';
import type { Fields } from './fields.ts';

/** Reads the tag that a subscription or a trigger filters by. Throws for one that is too long. */
export function readTag(fields: Fields, key: string): string | undefined {
  const tag = fields.string(key);
  const characters = [...(tag ?? '')].length;
  if (characters <= MAX_TAG_CHARACTERS) return tag;
  throw fields.fault(key, `has ${characters} characters`, `give ${MAX_TAG_CHARACTERS} at most`);
}
