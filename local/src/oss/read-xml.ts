import { createHash } from 'node:crypto';
import { BodyTooLarge, readBody } from '../http/body.ts';
import { parseXmlInTurns, type XmlElement, XmlError } from '../xml/parse.ts';
import { OssError } from './errors.ts';
import { MAX_XML_BODY_BYTES } from './limits.ts';
import type { OssRequest } from './request.ts';
import { checkElements } from './taken/elements.ts';
import { checkLength, readContentMd5 } from './upload-body.ts';

/**
 * Reads a request's body with this root element; undefined when it is empty. Throws MalformedXML,
 * NotImplemented for an element that is not implemented here, EntityTooLarge or InvalidDigest.
 */
export async function readXmlBody(
  request: OssRequest,
  root: string,
): Promise<XmlElement | undefined> {
  const limit = MAX_XML_BODY_BYTES[root] ?? MAX_XML_BODY_BYTES.otherwise;
  const body = await readBody(request.body, limit).catch((cause: unknown) => {
    throw cause instanceof BodyTooLarge ? new OssError('EntityTooLarge', { cause }) : cause;
  });
  checkLength(request, body.length);
  const digest = readContentMd5(request);
  if (digest !== undefined && createHash('md5').update(body).digest('base64') !== digest)
    throw new OssError('InvalidDigest');
  if (body.length === 0) return undefined;
  const element = await readXml(body, root);
  checkElements(element);
  return element;
}

/** Parses a document with this root element. Throws MalformedXML. */
export async function readXml(body: Uint8Array, root: string): Promise<XmlElement> {
  try {
    const element = await parseXmlInTurns(body, { controlCharacters: true });
    if (element.name === root) return element;
  } catch (cause) {
    throw cause instanceof XmlError ? new OssError('MalformedXML', { cause }) : cause;
  }
  throw new OssError('MalformedXML');
}
