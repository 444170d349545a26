import { describe, expect, it } from 'vitest';
import { readXml } from '#src/oss/read-xml';
import { writeXml } from '#src/oss/write-xml';
import { childText } from '#src/xml/children';

const parse = (text: string) => readXml(Buffer.from(text), 'a');

describe('a body of XML', () => {
  it('is read with its text as written, references resolved', () => {
    const element = parse(
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
  ])('is malformed with %s', (_, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
  });

  it('is malformed when it is not UTF-8', () => {
    expect(() => readXml(Buffer.from('<a>\xff</a>', 'latin1'), 'a')).toThrow('not well-formed');
  });

  it('of the largest multi-delete is read in no time', () => {
    const key = '&amp;'.repeat(1023);
    const element = parse(`<a>${`<Object><Key>${key}</Key></Object>`.repeat(700)}</a>`);
    expect(element.children).toHaveLength(700);
    expect(childText(element.children[699] as never, 'Key')).toBe('&'.repeat(1023));
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
