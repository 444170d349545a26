export { OssClient, type OssClientOptions, ossClient } from './client.ts';
export { contentTypeOf } from './content-type.ts';
export { checkOutputPrefix, eventObject } from './event-object.ts';
export {
  type Grantor,
  type GrantRules,
  grantUpload,
  type UploadGrant,
  type UploadWish,
} from './grants.ts';
export { objectKey } from './object-key.ts';
export { type PutOnceResult, putOnce } from './put-once.ts';
export { type SweepOptions, type SweepReport, sweepObjects, sweepUploads } from './sweep.ts';
export type * from './types.ts';
export {
  abandonUpload,
  type UploadCheckpoint,
  type UploadOptions,
  type UploadProgress,
  type UploadResult,
  type UploadSource,
  upload,
} from './upload.ts';
