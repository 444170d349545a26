import { createRequire } from 'node:module';
import type OSS from 'ali-oss';
import { expect, it } from 'vitest';
import { readingPlainXml, readPlainXml } from '#src/oss/bucket/plain-xml';

const xml2js = createRequire(createRequire(import.meta.url).resolve('ali-oss'))('xml2js');

/** Reads as ali-oss itself does. */
function slowly(text: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { explicitRoot: false, explicitArray: false };
    xml2js.parseString(text, options, (error: unknown, read: unknown) =>
      error ? reject(error) : resolve(read),
    );
  });
}

const LIST = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult>
  <Name>orders</Name>
  <Prefix></Prefix>
  <MaxKeys>100</MaxKeys>
  <IsTruncated>false</IsTruncated>
  <Contents>
    <Key>a%20b</Key><ETag>"5B3C&quot;</ETag><Size>344606</Size><Owner><ID>1</ID></Owner>
  </Contents>
  <Contents><Key>c</Key><Empty/><Blank> \n </Blank></Contents>
  <CommonPrefixes><Prefix>d/</Prefix></CommonPrefixes>
</ListBucketResult>
`;

it.each([
  ['a list', LIST],
  [
    'a refusal',
    '<Error>\n  <Code>NoSuchKey</Code>\n  <Message>It&apos;s &lt;gone&gt; &amp;lt; 1 > 0 ]]> 不</Message>\n</Error>',
  ],
  ['a root of text', '<R> x </R>'],
  ['an empty root', '<R/>'],
  ['an empty root of two tags', '<R></R>\r\n'],
  ['a root of spaces', '<R> \n</R>'],
  ['three of one name, some empty', '<R><A/><A>1</A><A><B>2</B></A></R>'],
  ['empty ones of one name', '<R><A></A><A></A></R>'],
  ['blank text beside elements', '<R>\n\u00a0<A>1</A>\t</R>'],
])('reads %s as ali-oss does', async (_, text) => {
  const read = readPlainXml(text);
  expect(read).toBeDefined();
  expect(read).toStrictEqual(await slowly(text));
});

it.each([
  ['nothing', ''],
  ['text', 'busy'],
  ['a page', '<html><body bgcolor="white"><hr></body></html>'],
  ['attributes', '<R a="1"><A>1</A></R>'],
  ['text beside elements', '<R>x<A>1</A></R>'],
  ['a comment', '<R><!-- x --><A>1</A></R>'],
  ['CDATA', '<R><A><![CDATA[<]]></A></R>'],
  ['a document type', '<!DOCTYPE R [<!ENTITY x "y">]><R>&x;</R>'],
  ['a numeric reference', '<R>&#65;</R>'],
  ['an unknown reference', '<R>&nbsp;</R>'],
  ['a reference to what objects have', '<R>&constructor;</R>'],
  ['a reference without its end', '<R>a & b</R>'],
  ['a reference after a broken one', '<R>a & b &amp;</R>'],
  ['an element that does not end', '<R><A>1</A>'],
  ['ends that cross', '<R><A><B>1</A></B></R>'],
  ['an end too many', '<R/></R>'],
  ['two roots', '<R/><S/>'],
  ['an end that is empty too', '<R></R/>'],
  ['text after the root', '<R/>x'],
  ['a byte order mark', '\ufeff<R/>'],
  ['a name with a prefix', '<R><a:b>1</a:b></R>'],
  ['a name that objects have', '<R><constructor>1</constructor></R>'],
  ['a name that objects treat in their own way', '<R><__proto__>1</__proto__></R>'],
])('leaves %s to ali-oss’s reader', (_, text) => {
  expect(readPlainXml(text)).toBeUndefined();
});

it('asks the client’s own reader for what is not plain, and only for that', async () => {
  const asked: unknown[] = [];
  const parseXML = async (text: unknown) => void asked.push(text);
  const client = readingPlainXml({ parseXML } as unknown as OSS) as unknown as {
    parseXML: typeof parseXML;
  };
  await expect(client.parseXML(Buffer.from('<R><A>1</A></R>'))).resolves.toEqual({ A: '1' });
  await client.parseXML('busy');
  expect(asked).toEqual(['busy']);
});
