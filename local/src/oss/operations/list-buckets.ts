import { isoSeconds, ownerOf, xmlAnswer } from '../answers.ts';
import { PAGE_SIZE } from '../limits.ts';
import type { Operation } from '../operation.ts';
import { bucketPlace } from './get-bucket-info.ts';

export const listBuckets: Operation = {
  permissions: () => [{ action: 'oss:ListBuckets' }],

  async run({ service, request }) {
    const { query } = request;
    const prefix = query.get('prefix') ?? '';
    const marker = query.get('marker') ?? '';
    const { byDefault, max } = PAGE_SIZE;
    const limit = query.integer('max-keys', { min: 1, max, otherwise: byDefault });
    const wanted = service.buckets
      .list()
      .filter(({ name }) => name.startsWith(prefix) && name > marker);
    const page = wanted.slice(0, limit);
    const truncated = wanted.length > page.length;
    return xmlAnswer('ListAllMyBucketsResult', {
      Prefix: prefix,
      Marker: marker,
      MaxKeys: limit,
      IsTruncated: truncated,
      NextMarker: truncated ? page.at(-1)?.name : undefined,
      Owner: ownerOf(service),
      Buckets: {
        Bucket: page.map(({ name, created, storageClass }) => ({
          CreationDate: isoSeconds(created),
          ...bucketPlace(service.region),
          Name: name,
          StorageClass: storageClass,
        })),
      },
    });
  },
};
