import type { XmlValue } from '../../xml/write.ts';
import { xmlAnswer } from '../answers.ts';
import { OssError, type OssErrorCode } from '../errors.ts';
import { PAGE_SIZE } from '../limits.ts';
import { bucketOf, type Operation, objectOf } from '../operation.ts';
import type { OssRequest } from '../request.ts';

/*
 * Reads and removals of settings that no bucket here ever has, answered as OSS does for a bucket
 * that never had them: test suites ask before they begin, and when they tear down. Setting any of
 * them is NotImplemented.
 */

export const getBucketWebsite = missing('oss:GetBucketWebsite', 'NoSuchWebsiteConfiguration');
export const deleteBucketWebsite = nothingToRemove('oss:DeleteBucketWebsite');
export const getBucketPolicy = missing('oss:GetBucketPolicy', 'NoSuchBucketPolicy');
export const deleteBucketPolicy = nothingToRemove('oss:DeleteBucketPolicy');
export const getBucketLogging = answers('oss:GetBucketLogging', 'BucketLoggingStatus', {});
export const deleteBucketLogging = nothingToRemove('oss:DeleteBucketLogging');
export const getBucketReferer = answers('oss:GetBucketReferer', 'RefererConfiguration', {
  AllowEmptyReferer: true,
  AllowTruncateQueryString: true,
  TruncatePath: false,
  RefererList: {},
});
export const getBucketInventory = missing('oss:GetBucketInventory', 'NoSuchInventory');
export const listBucketInventory = getBucketInventory;
export const deleteBucketInventory = nothingToRemove('oss:DeleteBucketInventory');
export const getBucketWorm = missing('oss:GetBucketWorm', 'NoSuchWORMConfiguration');
export const getBucketReplication = missing(
  'oss:GetBucketReplication',
  'NoSuchReplicationConfiguration',
);
export const getBucketTransferAcceleration = missing(
  'oss:GetBucketTransferAcceleration',
  'NoSuchTransferAccelerationConfiguration',
);
export const getBucketRequestPayment = answers(
  'oss:GetBucketRequestPayment',
  'RequestPaymentConfiguration',
  { Payer: 'BucketOwner' },
);
export const getBucketAccessMonitor = answers(
  'oss:GetBucketAccessMonitor',
  'AccessMonitorConfiguration',
  { Status: 'Disabled' },
);

export const listLiveChannel: Operation = {
  permissions: (request) => [{ action: 'oss:ListLiveChannel', bucket: bucketOf(request) }],

  async run({ request: { query } }) {
    const { byDefault, max } = PAGE_SIZE;
    return xmlAnswer('ListLiveChannelResult', {
      Prefix: query.get('prefix') ?? '',
      Marker: query.get('marker') ?? '',
      MaxKeys: query.integer('max-keys', { min: 1, max, otherwise: byDefault }),
      IsTruncated: false,
      NextMarker: '',
    });
  },
};

export const getLiveChannelInfo: Operation = {
  permissions: (request) => [{ action: 'oss:GetLiveChannel', ...objectOf(request) }],

  async run() {
    throw new OssError('NoSuchLiveChannel');
  },
};

function answers(action: `oss:${string}`, root: string, value: XmlValue): Operation {
  return { permissions: onBucket(action), run: async () => xmlAnswer(root, value) };
}

function missing(action: `oss:${string}`, code: OssErrorCode): Operation {
  return {
    permissions: onBucket(action),
    async run({ request }) {
      throw new OssError(code, { details: { BucketName: bucketOf(request) } });
    },
  };
}

function nothingToRemove(action: `oss:${string}`): Operation {
  return { permissions: onBucket(action), run: async () => ({ status: 204 }) };
}

function onBucket(action: `oss:${string}`): Operation['permissions'] {
  return (request: OssRequest) => [{ action, bucket: bucketOf(request) }];
}
