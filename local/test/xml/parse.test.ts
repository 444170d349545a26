import { describe, expect, it } from 'vitest';
import { parseXml, parseXmlInTurns, XmlError } from '#src/xml/parse';
import { seededRandom } from '#test/seeded-random';
import { turnsOf } from '#test/turns';

const parse = (text: string) => parseXml(Buffer.from(text));

describe('parseXml', () => {
  it('keeps text unchanged', () => {
    const text = ' \t\n leading, "quotes", \'single\', trailing 007 1e3 true \u{1F600} \u0085 \n';
    expect(parse(`<a><b>${text}</b></a>`).children[0]?.text).toBe(text);
  });

  it('resolves the five entities and character references, and nothing twice', () => {
    expect(parse('<a>&amp;lt;&lt;&gt;&quot;&apos;&#13;&#x1F600;&#x41;</a>').text).toBe(
      '&lt;<>"\'\r\u{1F600}A',
    );
  });

  it('keeps a carriage return given as a reference, and reads line ends as one line feed', () => {
    expect(parse('<a>1\r\n2\r3&#13;&#10;4&#xD;</a>').text).toBe('1\n2\n3\r\n4\r');
  });

  it('reads CDATA, comments, instructions, prefixes, attributes and empty elements', () => {
    const { name, children } = parse(
      '\uFEFF<?xml version="1.0" encoding="UTF-8"?><!-- x --><?go now?>\n<n:a xmlns:n="u" b = \'>\'><n:b/><c><![CDATA[<&]]]>]<!-- - -->x</c></n:a > ',
    );
    expect([name, ...children]).toEqual([
      'a',
      { name: 'b', text: '', children: [] },
      { name: 'c', text: '<&]]x', children: [] },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['text alone', 'text'],
    ['two roots', '<a/><b/>'],
    ['text after the root', '<a/>x'],
    ['an open element', '<a>'],
    ['crossed elements', '<a><b></a></b>'],
    ['a bare ampersand', '<a>1 & 2</a>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['an entity without its end', '<a>&lt</a>'],
    ['a document type', '<!DOCTYPE a><a/>'],
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['a NUL', '<a>\u0000</a>'],
    ['a control character', '<a>\u0001</a>'],
    ['a reference to a control character', '<a>&#1;</a>'],
    ['a reference to a surrogate', '<a>&#xD800;</a>'],
    ['a reference past Unicode', '<a>&#x110000;</a>'],
    ['a noncharacter', '<a>\uFFFE</a>'],
    [']]> in text', '<a>]]></a>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['an attribute without value', '<a b/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['a bad attribute reference', '<a b="&x;"/>'],
    ['a < in an attribute', '<a b="<"/>'],
    ['-- in a comment', '<a><!-- -- --></a>'],
    ['an open comment', '<a><!-- </a>'],
    ['an open CDATA', '<a><![CDATA[</a>'],
    ['a late declaration', ' <?xml version="1.0"?><a/>'],
    ['a name that is none', '<1/>'],
    ['depth beyond any request', `${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`],
  ])('refuses %s', (_what, text) => {
    expect(() => parse(text)).toThrow(XmlError);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseXml(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]))).toThrow(
      XmlError,
    );
  });

  it('never fails otherwise, whatever is done to a document', () => {
    const document =
      '<?xml version="1.0"?><a b="c&amp;"><!-- x --><d>&#13;<![CDATA[x]]></d><e/></a>';
    const random = seededRandom(3);
    for (let i = 0; i < 5000; i++) {
      const bytes = Buffer.from(document);
      for (let edits = 0; edits <= random(3); edits++) bytes[random(bytes.length)] = random(256);
      try {
        parseXml(bytes.subarray(0, random(4) ? bytes.length : random(bytes.length)));
      } catch (error) {
        expect(error).toBeInstanceOf(XmlError);
      }
    }
  });

  it('takes control characters where it is asked to, raw and as references', () => {
    const bytes = Buffer.from('<a>\u0001&#1;&#x1f;</a>');
    expect(parseXml(bytes, { controlCharacters: true }).text).toBe('\u0001\u0001\u001f');
    const surrogate = Buffer.from('<a>&#xD800;</a>');
    expect(() => parseXml(surrogate, { controlCharacters: true })).toThrow(XmlError);
  });

  it('reads a name out of JavaScript as any other', () => {
    expect(parse('<a><__proto__/></a>').children).toEqual([
      { name: '__proto__', text: '', children: [] },
    ]);
  });
});

describe('parseXmlInTurns', () => {
  const MIB = 1024 * 1024;
  /** Returns two mebibytes of it. */
  const much = (text: string) => text.repeat(Math.ceil((2 * MIB) / text.length));
  const inTurns = (text: string) => turnsOf(parseXmlInTurns(Buffer.from(text)));

  it.each([
    ['text', much('text ')],
    ['references', much('&lt;')],
    ['long references', much('&#x1F600;')],
    ['references and text', much('x&amp;yz')],
    ['elements of text', much(`<b>${'y'.repeat(80)}</b>`)],
    ['long elements', much(`<b>${'z&gt;'.repeat(20_000)}</b>`)],
    ['comments', much(`<!-- ${'z'.repeat(80)} -->`)],
    ['brackets', much(']] >')],
  ])('reads %s as parseXml does, and lets others have a turn in between', async (_, content) => {
    const document = `<a>${content}</a>`;
    const { value, turns } = await inTurns(document);
    expect(value).toEqual(parse(document));
    expect(turns).toBeGreaterThan(50);
  });

  it('cuts no reference, wherever it is, and sees ]]> across a cut', async () => {
    for (let length = 16_370; length < 16_400; length++) {
      const before = 'x'.repeat(length);
      for (const [reference, char] of [
        ['&lt;', '<'],
        ['&#x1F600;', '\u{1F600}'],
      ])
        expect(parse(`<a>${before}${reference}${before}</a>`).text).toBe(before + char + before);
      expect(() => parse(`<a>${before}]]>${before}</a>`), `${length}`).toThrow(XmlError);
      expect(parse(`<a>${before}\u{1F600}${before}</a>`).text).toContain('\u{1F600}');
    }
  });

  it.each([
    ['references that are none', much('&')],
    ['an attribute', `<b c="${much('&lt;')}"/>`],
    ['attributes', `<b ${Array.from({ length: 101 }, (_, at) => `a${at}=''`).join(' ')}/>`],
    ['elements', '<b/>'.repeat(40_001)],
  ])('refuses %s', async (_, content) => {
    await expect(inTurns(`<a>${content}</a>`)).rejects.toThrow(XmlError);
  });

  it('reads a small document in one turn', async () => {
    expect((await inTurns('<a>text</a>')).turns).toBe(0);
  });
});
