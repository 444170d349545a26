import { notImplemented, OssError } from './errors.ts';
import type { Operation } from './operation.ts';
import { abortMultipartUpload } from './operations/abort-multipart-upload.ts';
import { appendObject } from './operations/append-object.ts';
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts';
import { copyObject } from './operations/copy-object.ts';
import { deleteBucket } from './operations/delete-bucket.ts';
import { deleteBucketCors } from './operations/delete-bucket-cors.ts';
import { deleteBucketEncryption } from './operations/delete-bucket-encryption.ts';
import { deleteBucketLifecycle } from './operations/delete-bucket-lifecycle.ts';
import { deleteBucketPublicAccessBlock } from './operations/delete-bucket-public-access-block.ts';
import { deleteBucketTags } from './operations/delete-bucket-tags.ts';
import { deleteMultipleObjects } from './operations/delete-multiple-objects.ts';
import { deleteObject } from './operations/delete-object.ts';
import { deleteObjectTagging } from './operations/delete-object-tagging.ts';
import { getBucketAcl } from './operations/get-bucket-acl.ts';
import { getBucketCors } from './operations/get-bucket-cors.ts';
import { getBucketEncryption } from './operations/get-bucket-encryption.ts';
import { getBucketInfo } from './operations/get-bucket-info.ts';
import { getBucketLifecycle } from './operations/get-bucket-lifecycle.ts';
import { getBucketLocation } from './operations/get-bucket-location.ts';
import { getBucketPublicAccessBlock } from './operations/get-bucket-public-access-block.ts';
import { getBucketStat } from './operations/get-bucket-stat.ts';
import { getBucketTags } from './operations/get-bucket-tags.ts';
import { getBucketVersioning } from './operations/get-bucket-versioning.ts';
import { getObject } from './operations/get-object.ts';
import { getObjectAcl } from './operations/get-object-acl.ts';
import { getObjectMeta } from './operations/get-object-meta.ts';
import { getObjectTagging } from './operations/get-object-tagging.ts';
import { getSymlink } from './operations/get-symlink.ts';
import { headBucket } from './operations/head-bucket.ts';
import { headObject } from './operations/head-object.ts';
import { initiateMultipartUpload } from './operations/initiate-multipart-upload.ts';
import { listBuckets } from './operations/list-buckets.ts';
import { listMultipartUploads } from './operations/list-multipart-uploads.ts';
import { listObjectVersions } from './operations/list-object-versions.ts';
import { listObjects } from './operations/list-objects.ts';
import { listObjectsV2 } from './operations/list-objects-v2.ts';
import { listParts } from './operations/list-parts.ts';
import * as neverHad from './operations/never-had.ts';
import { postObject } from './operations/post-object.ts';
import { preflight } from './operations/preflight.ts';
import { putBucket } from './operations/put-bucket.ts';
import { putBucketAcl } from './operations/put-bucket-acl.ts';
import { putBucketCors } from './operations/put-bucket-cors.ts';
import { putBucketEncryption } from './operations/put-bucket-encryption.ts';
import { putBucketLifecycle } from './operations/put-bucket-lifecycle.ts';
import { putBucketPublicAccessBlock } from './operations/put-bucket-public-access-block.ts';
import { putBucketTags } from './operations/put-bucket-tags.ts';
import { putObject } from './operations/put-object.ts';
import { putObjectAcl } from './operations/put-object-acl.ts';
import { putObjectTagging } from './operations/put-object-tagging.ts';
import { putSymlink } from './operations/put-symlink.ts';
import { restoreObject } from './operations/restore-object.ts';
import { uploadPart } from './operations/upload-part.ts';
import { uploadPartCopy } from './operations/upload-part-copy.ts';
import type { OssRequest } from './request.ts';
import type { Choice } from './taken/check-taken.ts';

/** Operations by method, level, and the sub-resource that the query names. */
const OPERATIONS: Record<string, Operation> = {
  'GET service': listBuckets,

  'PUT bucket': putBucket,
  'DELETE bucket': deleteBucket,
  'GET bucket': listObjects,
  'GET bucket cors': getBucketCors,
  'PUT bucket cors': putBucketCors,
  'DELETE bucket cors': deleteBucketCors,
  'GET bucket lifecycle': getBucketLifecycle,
  'PUT bucket lifecycle': putBucketLifecycle,
  'DELETE bucket lifecycle': deleteBucketLifecycle,
  'GET bucket list-type': listObjectsV2,
  'GET bucket versions': listObjectVersions,
  'GET bucket encryption': getBucketEncryption,
  'PUT bucket encryption': putBucketEncryption,
  'DELETE bucket encryption': deleteBucketEncryption,
  'GET bucket publicAccessBlock': getBucketPublicAccessBlock,
  'PUT bucket publicAccessBlock': putBucketPublicAccessBlock,
  'DELETE bucket publicAccessBlock': deleteBucketPublicAccessBlock,
  'GET bucket tagging': getBucketTags,
  'PUT bucket tagging': putBucketTags,
  'DELETE bucket tagging': deleteBucketTags,

  'GET bucket live': neverHad.listLiveChannel,
  'GET object live': neverHad.getLiveChannelInfo,
  'GET bucket website': neverHad.getBucketWebsite,
  'DELETE bucket website': neverHad.deleteBucketWebsite,
  'GET bucket policy': neverHad.getBucketPolicy,
  'DELETE bucket policy': neverHad.deleteBucketPolicy,
  'GET bucket logging': neverHad.getBucketLogging,
  'DELETE bucket logging': neverHad.deleteBucketLogging,
  'GET bucket referer': neverHad.getBucketReferer,
  'GET bucket inventory': neverHad.listBucketInventory,
  'GET bucket inventory inventoryId': neverHad.getBucketInventory,
  'DELETE bucket inventory inventoryId': neverHad.deleteBucketInventory,
  'GET bucket worm': neverHad.getBucketWorm,
  'GET bucket replication': neverHad.getBucketReplication,
  'GET bucket transferAcceleration': neverHad.getBucketTransferAcceleration,
  'GET bucket requestPayment': neverHad.getBucketRequestPayment,
  'GET bucket accessmonitor': neverHad.getBucketAccessMonitor,
  'GET bucket acl': getBucketAcl,
  'PUT bucket acl': putBucketAcl,
  'GET bucket bucketInfo': getBucketInfo,
  'GET bucket location': getBucketLocation,
  'GET bucket stat': getBucketStat,
  'GET bucket uploads': listMultipartUploads,
  'POST bucket': postObject,
  'POST bucket delete': deleteMultipleObjects,

  'HEAD bucket': headBucket,
  'GET bucket versioning': getBucketVersioning,

  'PUT object': putObject,
  'POST object append': appendObject,
  'PUT object symlink': putSymlink,
  'GET object symlink': getSymlink,
  'GET object tagging': getObjectTagging,
  'PUT object tagging': putObjectTagging,
  'DELETE object tagging': deleteObjectTagging,
  'PUT object x-oss-copy-source': copyObject,
  'GET object': getObject,
  'HEAD object': headObject,
  'HEAD object objectMeta': getObjectMeta,
  'GET object objectMeta': getObjectMeta,
  'DELETE object': deleteObject,
  'GET object acl': getObjectAcl,
  'PUT object acl': putObjectAcl,
  'POST object restore': restoreObject,
  'POST object uploads': initiateMultipartUpload,
  'PUT object uploadId': uploadPart,
  'PUT object uploadId x-oss-copy-source': uploadPartCopy,
  'GET object uploadId': listParts,
  'POST object uploadId': completeMultipartUpload,
  'DELETE object uploadId': abortMultipartUpload,
};

const METHODS = new Set(['GET', 'HEAD', 'PUT', 'POST', 'DELETE']);

/** Sub-resources that select one of the operations here; others accompany them. */
const CHOOSING = new Set(Object.keys(OPERATIONS).flatMap((name) => name.split(' ').slice(2)));

/** An operation, and how it was selected. */
export interface Route extends Choice {
  operation: Operation;
}

/**
 * Returns the operation that a request asks for. Throws MethodNotAllowed, or NotImplemented that
 * names what is missing.
 */
export function route({ method, bucket, key, query, headers }: OssRequest): Route {
  if (!METHODS.has(method) && method !== 'OPTIONS') throw new OssError('MethodNotAllowed');
  if (method === 'OPTIONS' && bucket !== undefined)
    return { operation: preflight, name: 'OPTIONS bucket', chosenBy: [] };
  const chosenBy = [...new Set(query.all.map(({ name }) => name))].filter(
    (name) => CHOOSING.has(name) && (name !== 'list-type' || query.bytes(name) === '2'),
  );
  const choosing = chosenBy.toSorted();
  if (method === 'PUT' && headers.get('x-oss-copy-source') !== undefined && choosing.length < 2)
    choosing.push('x-oss-copy-source');
  const level = bucket === undefined ? 'service' : key === undefined ? 'bucket' : 'object';
  const name = [method, level, ...choosing].join(' ');
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (!operation) throw notImplemented(name);
  return { operation, name, chosenBy };
}
