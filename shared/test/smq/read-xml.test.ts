import { expect, it } from 'vitest';
import { readXml } from '#src/smq/read-xml';

/** Returns the children of a root that holds `content`. */
const read = (content: string) => ({ ...readXml(`<R><A>a</A>${content}</R>`).children });

it.each<[string, string, Record<string, unknown>]>([
  ['text', '<B>b</B>', { B: 'b' }],
  ['text of spaces and lines', '<B> \r\n </B>', { B: ' \r\n ' }],
  ['nothing', '<B></B><C/><D />', { B: '', C: '', D: '' }],
  [
    'references',
    '<B>&lt;&amp;&gt;&quot;&apos;&#13;&#x1F600;&#xa;&#x10FFFF;</B>',
    { B: '<&>"\'\r😀\n\u{10ffff}' },
  ],
  ['references once only', '<B>&amp;lt;</B>', { B: '&lt;' }],
  ['CDATA as it is', '<B>x<![CDATA[<i>&lt;]]>]]&gt;</B>', { B: 'x<i>&lt;]]>' }],
  ['comments and instructions between', '<B>x<!-- <C> & -->y<?z <C>?></B>', { B: 'xy' }],
  ['attributes, which it leaves out', `<B a="1>0" b = 'x'>b</B>`, { B: 'b' }],
  ['elements, alone', '<B>\n <C>c</C>\n</B>', { B: [{ C: 'c' }] }],
  ['elements of one name', '<B><C>1</C></B><B><C>2</C></B>', { B: [{ C: '1' }, { C: '2' }] }],
  ['texts of one name', '<B>1</B><B>2</B><B>3</B>', { B: ['1', '2', '3'] }],
  ['text and elements of one name', '<B>1</B><B><C>2</C></B>', { B: ['1', { C: '2' }] }],
  ['an end tag with a space', '<B>b</B >', { B: 'b' }],
])('reads %s', (_, content, expected) => {
  expect(read(content)).toEqual({ A: 'a', ...expected });
});

it('accepts names of object properties as element names', () => {
  const { children } = readXml('<R><__proto__>p</__proto__><toString>t</toString></R>');
  expect(Object.entries(children)).toEqual([
    ['__proto__', 'p'],
    ['toString', 't'],
  ]);
  expect(children.constructor).toBeUndefined();
});

it('returns the root’s name, after a byte order mark, a declaration and comments', () => {
  const { name, children } = readXml(
    '\ufeff<?xml version="1.0" ?>\n<!-- c -->\n<R x="1"/>\n<!-- d -->',
  );
  expect([name, { ...children }]).toEqual(['R', {}]);
});

it('reads many elements and deep ones', () => {
  const many = read('<B><C>c</C></B>'.repeat(5000)).B;
  expect(many).toHaveLength(5000);
  const depth = 20_000;
  expect(read('<B>'.repeat(depth) + '</B>'.repeat(depth))).toHaveProperty('B');
});

it.each([
  ['nothing', ''],
  ['text', 'busy'],
  ['a root of text', '<R>x</R>'],
  ['an empty root', '<R/>'],
  ['an element that does not end', '<R><A>a</A>'],
  ['ends that cross', '<R><A><B>b</A></B></R>'],
  ['an end too many', '<R><A/></R></R>'],
  ['two roots', '<R><A/></R><R><A/></R>'],
  ['text after the root', '<R><A/></R>x'],
  ['a < in text', '<R><A>1 < 2</A></R>'],
  ['a & in text', '<R><A>1 & 2</A></R>'],
  ['an unknown reference', '<R><A>&nbsp;</A></R>'],
  ['a reference to what objects have', '<R><A>&constructor;</A></R>'],
  ['a reference without its end', '<R><A>&#650</A></R>'],
  ['a reference to no character', '<R><A>&#1;</A></R>'],
  ['a reference to half a character', '<R><A>&#xD800;</A></R>'],
  ['a reference beyond Unicode', '<R><A>&#x110000;</A></R>'],
  ['an attribute without a value', '<R><A b>a</A></R>'],
  ['a comment that does not end', '<R><A/><!-- </R>'],
  ['a comment whose end is in its beginning', '<R><A/><!--></R>'],
  ['an instruction whose end is in its beginning', '<R><A/><?></R>'],
  ['a document type', '<!DOCTYPE R [<!ENTITY x "y">]><R><A>&x;</A></R>'],
  ['CDATA outside of the root', '<![CDATA[x]]><R><A/></R>'],
])('refuses %s', (_, text) => {
  expect(() => readXml(text)).toThrow('answer is broken XML');
});
