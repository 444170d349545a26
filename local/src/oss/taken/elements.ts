import type { XmlElement } from '../../xml/parse.ts';
import { notImplemented, OssError } from '../errors.ts';

/**
 * What an element may contain: text alone, something OSS knows but is not implemented here, or
 * further elements by name.
 */
type Shape = 'text' | 'not-done' | { readonly [element: string]: Shape };

const AGE: Shape = {
  Days: 'text',
  CreatedBeforeDate: 'text',
  Date: 'not-done',
  ExpiredObjectDeleteMarker: 'not-done',
};

/** Every document that a request may have, by its root element. */
const DOCUMENTS: Readonly<Record<string, Shape>> = {
  CreateBucketConfiguration: {
    StorageClass: 'text',
    DataRedundancyType: 'text',
    LocationConstraint: 'text',
    ServerSideEncryptionRule: 'not-done',
  },
  Delete: { Quiet: 'text', Object: { Key: 'text', VersionId: 'text' } },
  CompleteMultipartUpload: { Part: { PartNumber: 'text', ETag: 'text' } },
  Tagging: { TagSet: { Tag: { Key: 'text', Value: 'text' } } },
  CORSConfiguration: {
    CORSRule: {
      AllowedOrigin: 'text',
      AllowedMethod: 'text',
      AllowedHeader: 'text',
      ExposeHeader: 'text',
      MaxAgeSeconds: 'text',
    },
    ResponseVary: 'text',
  },
  LifecycleConfiguration: {
    Rule: {
      ID: 'text',
      Prefix: 'text',
      Status: 'text',
      Tag: { Key: 'text', Value: 'text' },
      Expiration: AGE,
      AbortMultipartUpload: AGE,
      Transition: 'not-done',
      NoncurrentVersionExpiration: 'not-done',
      NoncurrentVersionTransition: 'not-done',
      Filter: 'not-done',
      AtimeBase: 'not-done',
    },
  },
  ServerSideEncryptionRule: {
    ApplyServerSideEncryptionByDefault: {
      SSEAlgorithm: 'text',
      KMSMasterKeyID: 'text',
      KMSDataEncryption: 'not-done',
    },
  },
  PublicAccessBlockConfiguration: { BlockPublicAccess: 'text' },
  RestoreRequest: { Days: 'text', JobParameters: { Tier: 'text' } },
};

/**
 * Throws NotImplemented for an element that OSS knows but is not implemented here, and MalformedXML
 * for one that OSS does not know.
 */
export function checkElements(root: XmlElement): void {
  const shape = Object.hasOwn(DOCUMENTS, root.name) ? DOCUMENTS[root.name] : undefined;
  if (shape === undefined) throw new OssError('MalformedXML');
  check(root, shape, root.name);
}

function check({ children }: XmlElement, shape: Shape, path: string): void {
  for (const child of children) {
    const within =
      typeof shape === 'object' && Object.hasOwn(shape, child.name) && shape[child.name];
    if (!within)
      throw new OssError('MalformedXML', { details: { Element: `${path}/${child.name}` } });
    if (within === 'not-done') throw notImplemented(`the element ${path}/${child.name}`);
    check(child, within, `${path}/${child.name}`);
  }
}
