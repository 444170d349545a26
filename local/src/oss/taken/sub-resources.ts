/**
 * OSS's query parameters that select an operation, or are part of one, implemented here or not,
 * from the official SDKs and the API reference. Where no implemented operation accepts one, the
 * request is refused whatever the parameter's value: without it, it would be another request.
 */
export const SUB_RESOURCES: ReadonlySet<string> = new Set(
  `accessPoint accessPointConfigForObjectProcess accessPointForObjectProcess accessPointPolicy
  accessPointPolicyForObjectProcess accessmonitor acl agenticBucket antiDDos append
  archiveDirectRead asyncFetch batchJob batchJobId batchJobPriority batchJobStatus bucketAntiDDos
  bucketArchiveDirectRead bucketInfo bucketTags callback callback-var cleanRestoredObject
  cloudboxes cname comp cors csv/meta csv/select dataPipeline delete encryption endTime group
  httpsConfig img inventory inventoryId json/meta json/select legalHold lifecycle link list-type
  live location logging metaQuery metadataConfiguration metadataInventoryTable
  metadataJournalTable objectInfo objectMeta objectWorm overwriteConfig partNumber playlistName
  policy policyStatus position processConfiguration publicAccessBlock qos qosInfo quota
  redundancyTransition referer regionList regions replication replicationLocation
  replicationProgress requestPayment requesterQosInfo resourceGroup resourcePool
  resourcePoolBuckets resourcePoolInfo responseHeader restore retention rtc seal select
  sequential sql startTime stat status style styleName symlink tag-key tag-value tagging token
  transferAcceleration udf udfApplication udfApplicationLog udfId udfImage udfImageDesc udfName
  uploadId uploads userAntiDDos userDefinedLogFieldsConfig vod versionId versioning versions
  website withHashContext worm wormExtend wormId`.split(/\s+/),
);
