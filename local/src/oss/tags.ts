import { childText } from '../xml/children.ts';
import type { XmlElement } from '../xml/parse.ts';
import type { XmlValue } from '../xml/write.ts';
import { fromValidBytes } from './bytes.ts';
import { OssError } from './errors.ts';
import { MAX_TAG_KEY_CHARACTERS, MAX_TAG_VALUE_CHARACTERS, MAX_TAGS } from './limits.ts';
import { decodeBytes } from './request.ts';
import type { Tags } from './store/types.ts';

/** What the names and values of tags are made of: of ASCII what is documented, and, as OSS takes it too, whatever is beyond. */
const CHARACTERS = /^(?:[A-Za-z0-9 +\-=._:/]|[^\p{ASCII}\p{Cc}\p{Cs}])*$/u;

/** Tags as a header has them: `a=b&c=d`, percent-encoded. Throws InvalidTag. */
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

/** Tags as a body has them. Throws MalformedXML or InvalidTag. */
export function readTagSet(body: XmlElement, max = MAX_TAGS): Tags {
  const set = body.children.find(({ name }) => name === 'TagSet');
  if (!set) throw new OssError('MalformedXML');
  const tags = set.children
    .filter(({ name }) => name === 'Tag')
    .map((tag): [string, string] => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? '']);
  return checkTags(tags, max);
}

export function renderTagSet(tags: Tags): XmlValue {
  return { TagSet: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) } };
}

function checkTags(tags: Tags, max = MAX_TAGS): Tags {
  const keys = new Set(tags.map(([key]) => key));
  const fits = tags.every(
    ([key, value]) =>
      key.length > 0 &&
      key.length <= MAX_TAG_KEY_CHARACTERS &&
      value.length <= MAX_TAG_VALUE_CHARACTERS &&
      CHARACTERS.test(key + value),
  );
  if (tags.length > max || keys.size < tags.length || !fits) throw new OssError('InvalidTag');
  return tags;
}

function decodeTag(text: string): string {
  const decoded = fromValidBytes(decodeBytes(text.replaceAll('+', ' ')));
  if (decoded === undefined) throw new OssError('InvalidTag');
  return decoded;
}
