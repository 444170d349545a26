import { childText } from '../xml/children.ts';
import type { XmlElement } from '../xml/parse.ts';
import type { XmlValue } from '../xml/write.ts';
import { fromValidBytes } from './bytes.ts';
import { OssError } from './errors.ts';
import {
  MAX_BUCKET_TAG_CHARACTERS,
  MAX_BUCKET_TAGS,
  MAX_TAG_KEY_CHARACTERS,
  MAX_TAG_VALUE_CHARACTERS,
  MAX_TAGS,
} from './limits.ts';
import { decodeBytes } from './request.ts';
import type { Tags } from './store/types.ts';

/**
 * Characters of tag names and values: the documented ASCII ones and, as OSS accepts them too, all
 * others beyond ASCII.
 */
const CHARACTERS = /^(?:[A-Za-z0-9 +\-=._:/]|[^\p{ASCII}\p{Cc}\p{Cs}])*$/u;

/** Reads tags from a header: `a=b&c=d`, percent-encoded. Throws InvalidTag. */
export function readTagging(text: string): Tags {
  const tags = text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const [key = '', value = '', ...more] = pair.split('=');
      if (more.length > 0) throw new OssError('InvalidTag');
      return [decodeTag(key), decodeTag(value)];
    });
  return checkTags(tags);
}

/** Reads an object's tags from a body. Throws MalformedXML or InvalidTag. */
export function readTagSet(body: XmlElement): Tags {
  return checkTags(readTags(body));
}

/**
 * Reads a bucket's tags from a body, by their own rules (page of PutBucketTags). Throws
 * MalformedXML, TooManyTags, RepeatedTags or InvalidTag.
 */
export function readBucketTagSet(body: XmlElement): Tags {
  const tags = readTags(body);
  if (tags.length > MAX_BUCKET_TAGS) throw new OssError('TooManyTags');
  if (new Set(tags.map(([key]) => key)).size < tags.length) throw new OssError('RepeatedTags');
  for (const [key, value] of tags) {
    const keyFits = key !== '' && key.length <= MAX_BUCKET_TAG_CHARACTERS.key;
    if (!keyFits || /^(?:https?:\/\/|aliyun)/i.test(key))
      throw new OssError('InvalidTag', { message: 'The TagKey you have provided is invalid.' });
    if (value.length > MAX_BUCKET_TAG_CHARACTERS.value)
      throw new OssError('InvalidTag', { message: 'The TagValue you have provided is invalid.' });
  }
  return tags;
}

function readTags(body: XmlElement): Tags {
  const set = body.children.find(({ name }) => name === 'TagSet');
  if (!set) throw new OssError('MalformedXML');
  return set.children
    .filter(({ name }) => name === 'Tag')
    .map((tag): [string, string] => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? '']);
}

export function renderTagSet(tags: Tags): XmlValue {
  return { TagSet: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) } };
}

function checkTags(tags: Tags): Tags {
  const keys = new Set(tags.map(([key]) => key));
  const fits = tags.every(
    ([key, value]) =>
      key.length > 0 &&
      key.length <= MAX_TAG_KEY_CHARACTERS &&
      value.length <= MAX_TAG_VALUE_CHARACTERS &&
      CHARACTERS.test(key + value),
  );
  if (tags.length > MAX_TAGS || keys.size < tags.length || !fits) throw new OssError('InvalidTag');
  return tags;
}

function decodeTag(text: string): string {
  const decoded = fromValidBytes(decodeBytes(text.replaceAll('+', ' ')));
  if (decoded === undefined) throw new OssError('InvalidTag');
  return decoded;
}
