/** Sub-resources that select or accompany an operation, by the official SDK that sends them. */
export const SDK_SUB_RESOURCES: Readonly<Record<string, string>> = {
  'JavaScript (ali-oss 6.23)': `acl append asyncFetch bucketInfo callback callback-var cors delete
    encryption inventory inventoryId lifecycle list-type live location logging objectMeta partNumber policy position referer
    requestPayment restore stat style styleName symlink tagging uploadId uploads versionId
    versioning versions website worm wormExtend wormId x-oss-process`,
  'Java (aliyun-oss-java-sdk)': `acl append asyncFetch bucketInfo cname comp cors csv/meta
    csv/select delete encryption endTime img inventory json/meta json/select lifecycle live location
    logging metaQuery objectMeta partNumber playlistName policy position processConfiguration qos
    qosInfo referer replication replicationLocation replicationProgress requestPayment resourceGroup
    restore rtc sql startTime stat status style styleName symlink tagging transferAcceleration udf
    udfApplication udfApplicationLog udfImage udfImageDesc udfName uploadId uploads versionId
    versioning versions vod website worm wormExtend wormId x-oss-process`,
  'Go (aliyun-oss-go-sdk)': `accessmonitor acl append asyncFetch bucketInfo cloudboxes cname comp
    cors delete encryption endTime httpsConfig img inventory inventoryId lifecycle live location
    logging metaQuery objectMeta partNumber policy position qos qosInfo referer regionList
    replication replicationLocation replicationProgress requestPayment resourceGroup responseHeader
    restore rtc sequential startTime stat status style styleName symlink tagging
    transferAcceleration udf udfApplication udfApplicationLog udfId udfImage udfImageDesc udfName
    uploadId uploads versionId versioning versions vod website withHashContext worm wormExtend
    wormId x-oss-ac-forward-allow x-oss-ac-source-ip x-oss-ac-subnet-mask x-oss-ac-vpc-id
    x-oss-async-process x-oss-enable-md5 x-oss-enable-sha1 x-oss-enable-sha256 x-oss-hash-ctx
    x-oss-md5-ctx x-oss-process`,
  'Go, Python, Java, Kotlin, Swift, Rust, C# v2': `accessPoint accessPointConfigForObjectProcess
    accessPointForObjectProcess accessPointPolicy accessPointPolicyForObjectProcess accessmonitor
    antiDDos archiveDirectRead batchJob batchJobId batchJobPriority batchJobStatus bucketAntiDDos
    bucketArchiveDirectRead cleanRestoredObject cloudboxes cname comp dataPipeline encryption
    httpsConfig inventory inventoryId legalHold metaQuery metadataConfiguration
    metadataInventoryTable metadataJournalTable objectWorm overwriteConfig policy policyStatus
    publicAccessBlock qosInfo quota redundancyTransition regions requestPayment requesterQosInfo
    resourceGroup resourcePool resourcePoolBuckets resourcePoolInfo responseHeader retention rtc
    style styleName tagging token transferAcceleration userDefinedLogFieldsConfig worm wormExtend
    wormId x-oss-access-point-name x-oss-async-process x-oss-process
    x-oss-redundancy-transition-taskid x-oss-target-redundancy-type`,
  'Python (oss2)': `accessmonitor acl append archiveDirectRead asyncFetch bucketInfo cname comp cors
    delete encryption endTime group httpsConfig img inventory inventoryId lifecycle link live
    location logging metaQuery objectInfo objectMeta partNumber policy position qos qosInfo referer
    replication replicationLocation replicationProgress requestPayment resourceGroup restore
    sequential startTime stat status style styleName symlink tagging transferAcceleration uploadId
    uploads versionId versioning versions vod website worm wormExtend wormId x-oss-process`,
  'PHP (aliyun-oss-php-sdk)': `acl append asyncFetch bucketInfo cloudboxes cname comp cors delete
    encryption endTime img inventory inventoryId lifecycle live location logging metaQuery
    objectMeta partNumber policy position qos qosInfo referer regionList replication
    replicationLocation replicationProgress requestPayment resourceGroup responseHeader restore rtc
    sequential startTime stat status style styleName symlink tagging transferAcceleration udf
    udfApplication udfApplicationLog udfId udfImage udfImageDesc udfName uploadId uploads versionId
    versioning versions vod website withHashContext worm wormExtend wormId x-oss-async-process
    x-oss-process`,
  'C# (aliyun-oss-csharp-sdk)': `acl append bucketInfo cors delete encryption inventory inventoryId
    lifecycle live location logging objectMeta partNumber policy position qos qosInfo referer
    requestPayment restore stat symlink tagging uploadId uploads versionId versioning versions
    website worm wormExtend wormId x-oss-process`,
  'C and C++': `acl append asyncFetch bucketInfo comp cors delete encryption endTime inventory
    inventoryId lifecycle live location logging objectMeta partNumber policy position qos qosInfo
    referer replication requestPayment restore startTime stat status style styleName symlink tagging
    uploadId uploads versionId versioning versions vod website worm wormExtend wormId x-oss-process`,
  'Android and iOS': `acl append bucketInfo cors delete lifecycle location logging objectMeta
    partNumber position referer restore sequential symlink tagging uploadId uploads website
    x-oss-process`,
  'ossutil, ossbrowser, API reference': `agenticBucket bucketTags group link objectInfo
    processConfiguration seal select userAntiDDos`,
};
