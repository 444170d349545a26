import { describe, expect, it } from 'vitest';
import { readXml } from '#src/smq/read-xml';
import { writeXml } from '#src/smq/write-xml';

describe('writeXml', () => {
  it('indents by two spaces and declares the namespace without a trailing slash', () => {
    const text = writeXml('Message', { MessageId: 'X', Tag: undefined, List: { Count: 1 } });
    expect(text).toBe(
      '<?xml version="1.0" ?>\n<Message xmlns="http://mns.aliyuncs.com/doc/v1">\n  <MessageId>X</MessageId>\n  <List>\n    <Count>1</Count>\n  </List>\n</Message>\n',
    );
  });

  it('writes any text XML can carry so that it is read back the same', () => {
    let all = '';
    for (let code = 0x20; code <= 0xfffd; code++)
      if (code < 0xd800 || code > 0xdfff) all += String.fromCharCode(code);
    all += '\t\n\r \r\n\u{10000}\u{1F600}\u{10FFFF} ]]> <![CDATA[ &amp; &#13;';
    expect(readXml(Buffer.from(writeXml('a', { b: all }))).children[0]?.text).toBe(all);
  });
});

describe('readXml', () => {
  it('refuses anything but XML with the code of the service', () => {
    const malformed = expect.objectContaining({ code: 'MalformedXML' });
    expect(() => readXml(Buffer.from('<a>'))).toThrow(malformed);
  });
});
