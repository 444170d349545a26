export { type ArchiveOptions, type ArchiveOutcome, archiveObjects } from './archive/archive.ts';
export { type ArchiveEvent, parseArchiveEvent } from './archive/event.ts';
export { isAddressable } from './bucket/check.ts';
export { OssClient, type OssClientOptions, ossClient } from './bucket/client.ts';
export { derivedKey, objectKey } from './bucket/object-key.ts';
export { type PutOnceResult, putOnce } from './bucket/put-once.ts';
export { readObject } from './bucket/read-object.ts';
export type * from './bucket/types.ts';
export { contentTypeOf } from './content-type.ts';
export { checkOutputPrefix, eventObject } from './event-object.ts';
export {
  type Grantor,
  type GrantRules,
  grantUpload,
  type UploadGrant,
  type UploadWish,
} from './grants/grants.ts';
export { type ReceivedFile, receivedFile } from './received-file.ts';
export { type SweepOptions, type SweepReport, sweepObjects, sweepUploads } from './sweep.ts';
export type {
  UploadCheckpoint,
  UploadedPart,
  UploadOptions,
  UploadProgress,
  UploadResult,
  UploadSource,
} from './upload/types.ts';
export { abandonUpload, upload } from './upload/upload.ts';
