import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readXml, readXmlBody } from '#src/oss/read-xml';
import { Headers } from '#src/oss/request';
import { writeXml } from '#src/oss/write-xml';
import { childText } from '#src/xml/children';
import { turnsOf } from '#test/turns';

const parse = (text: string) => readXml(Buffer.from(text), 'a');

describe('a body of XML', () => {
  it('is read with its text as written, references resolved', async () => {
    const element = await parse(
      '<?xml version="1.0"?>\n<a x="y">\n<!-- no --><b> &lt;&amp;&gt;&quot;&apos;&#39;&#x1F600; </b><b/><c>1<![CDATA[<&amp;]]>2</c></a>',
    );
    expect(element.children.map(({ name }) => name)).toEqual(['b', 'b', 'c']);
    expect(childText(element, 'b')).toBe(" <&>\"''\u{1F600} ");
    expect(childText(element, 'c')).toBe('1<&amp;2');
    expect(childText(element, 'd')).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['text', 'text'],
    ['another root', '<b/>'],
    ['two roots', '<a/><a/>'],
    ['an open element', '<a>'],
    ['a wrong end', '<a></b>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an unknown entity', '<a>&b;</a>'],
    ['a reference without an end', '<a>&amp</a>'],
    ['a reference to a surrogate', '<a>&#xD800;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a deep nest', `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}`],
  ])('is malformed with %s', async (_, text) => {
    await expect(parse(text)).rejects.toMatchObject({ code: 'MalformedXML' });
  });

  it('is malformed when it is not UTF-8', async () => {
    const bytes = Buffer.from('<a>\xff</a>', 'latin1');
    await expect(readXml(bytes, 'a')).rejects.toThrow('not well-formed');
  });

  it('of the largest multi-delete lets other services have their turns', async () => {
    const key = '&amp;'.repeat(1023);
    const object = `<Object><Key>${key}</Key></Object>`;
    const count = Math.floor((2 * 1024 * 1024) / object.length);
    const { value: element, turns } = await turnsOf(parse(`<a>${object.repeat(count)}</a>`));
    expect(element.children).toHaveLength(count);
    expect(childText(element.children[count - 1] as never, 'Key')).toBe('&'.repeat(1023));
    expect(turns).toBeGreaterThan(50);
  });
});

describe('a body of XML for', () => {
  it.each([
    ['Delete', 2 * 1024 * 1024],
    ['CompleteMultipartUpload', 2 * 1024 * 1024],
    ['LifecycleConfiguration', 2 * 1024 * 1024],
    ['CORSConfiguration', 64 * 1024],
    ['CreateBucketConfiguration', 64 * 1024],
    ['Tagging', 64 * 1024],
  ])('%s may have %d bytes', async (root, limit) => {
    const read = (bytes: number) => {
      const content = Buffer.from(`<${root}/>`.padEnd(bytes));
      const headers = new Headers({ 'content-length': String(bytes) });
      const body = Object.assign(Readable.from([content]), { headers: headers.all });
      return readXmlBody({ headers, body } as never, root);
    };
    expect((await read(limit))?.name).toBe(root);
    await expect(read(limit + 1)).rejects.toMatchObject({ code: 'EntityTooLarge' });
  });
});

describe('an answer of XML', () => {
  it('repeats lists, nests, leaves out what is undefined and escapes', () => {
    expect(
      writeXml('R', { A: ['<&>', '"\'\u0001'], B: { C: 1, D: undefined }, E: false, F: [] }),
    ).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<R><A>&lt;&amp;&gt;</A><A>&quot;&apos;&#x1;</A><B><C>1</C></B><E>false</E></R>\n',
    );
  });
});
