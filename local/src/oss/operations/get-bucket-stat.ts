import { xmlAnswer } from '../answers.ts';
import { bucketOf, type Operation } from '../operation.ts';

export const getBucketStat: Operation = {
  permissions: (request) => [{ action: 'oss:GetBucketStat', bucket: bucketOf(request) }],

  async run({ service, request }) {
    const stat = service.buckets.stat(bucketOf(request));
    const { Standard, IA, Archive } = stat.classes;
    return xmlAnswer('BucketStat', {
      Storage: stat.storage,
      ObjectCount: stat.objects,
      MultipartUploadCount: stat.uploads,
      LiveChannelCount: 0,
      LastModifiedTime: Math.floor(stat.lastModified / 1000),
      StandardStorage: Standard.storage,
      StandardObjectCount: Standard.objects,
      InfrequentAccessStorage: IA.billed,
      InfrequentAccessRealStorage: IA.storage,
      InfrequentAccessObjectCount: IA.objects,
      ArchiveStorage: Archive.billed,
      ArchiveRealStorage: Archive.storage,
      ArchiveObjectCount: Archive.objects,
      ColdArchiveStorage: 0,
      ColdArchiveRealStorage: 0,
      ColdArchiveObjectCount: 0,
      DeepColdArchiveStorage: 0,
      DeepColdArchiveRealStorage: 0,
      DeepColdArchiveObjectCount: 0,
      ReservedCapacityStorage: 0,
      ReservedCapacityObjectCount: 0,
      DeleteMarkerCount: 0,
    });
  },
};
