import { isoSeconds, ownerOf, xmlAnswer } from '../answers.ts';
import { bucketOf, type Operation } from '../operation.ts';

export const getBucketInfo: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketInfo', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const bucket = service.buckets.require(bucketOf(request));
    const { name, acl, storageClass, created, redundancy = 'LRS', encryption } = bucket;
    return xmlAnswer('BucketInfo', {
      Bucket: {
        AccessMonitor: 'Disabled',
        BlockPublicAccess: bucket.blockPublicAccess ?? false,
        Comment: '',
        CrossRegionReplication: 'Disabled',
        TransferAcceleration: 'Disabled',
        ResourceGroupId: `rg-${service.accountId}`,
        CreationDate: isoSeconds(created),
        ...bucketPlace(service.region),
        StorageClass: storageClass,
        DataRedundancyType: redundancy,
        Name: name,
        Owner: ownerOf(service),
        AccessControlList: { Grant: acl },
        ServerSideEncryptionRule: { SSEAlgorithm: encryption ?? 'None' },
        BucketPolicy: { LogBucket: '', LogPrefix: '' },
      },
    });
  },
};

/** Returns where the real service would host the bucket. */
export function bucketPlace(region: string): Record<string, string> {
  return {
    ExtranetEndpoint: `oss-${region}.aliyuncs.com`,
    IntranetEndpoint: `oss-${region}-internal.aliyuncs.com`,
    Location: `oss-${region}`,
    Region: region,
  };
}
