/**
 * oss-sweeper: removes what will never be fetched or completed: multipart uploads that were never completed,
 * and claim checks that have outlived their messages.
 *
 * Trigger   timer, daily (s.yaml: oss-sweeper)
 * Run here  npm start, then: npx fc-local event timer | npx fc-local invoke oss-sweeper --event -
 * Change    the ages, in s.yaml; what else is swept
 * Docs      https://www.alibabacloud.com/help/en/oss/developer-reference/abortmultipartupload
 *
 * What does not fit into one run is left to the next. The bucket's lifecycle rules do the same once a
 * day; this does it sooner, and its log says how much there was.
 */

import { environment, timerHandler, wholeNumber } from '#shared/handler';
import { ossClient, sweepObjects, sweepUploads } from '#shared/oss';

const HOUR_MS = 60 * 60_000;

export const handler = timerHandler(async (_tick, { context, deadline, log }) => {
  const env = environment(['BUCKET_NAME', 'UPLOAD_HOURS', 'CLAIM_HOURS']);
  const uploadAge = wholeNumber('UPLOAD_HOURS', env.UPLOAD_HOURS) * HOUR_MS;
  const claimAge = wholeNumber('CLAIM_HOURS', env.CLAIM_HOURS) * HOUR_MS;

  const bucket = ossClient(context, { bucket: env.BUCKET_NAME });
  const common = { deadline, log };
  const uploads = await sweepUploads(bucket, { prefix: '', minAgeMs: uploadAge, ...common });
  const claims = await sweepObjects(bucket, { prefix: 'claims/', minAgeMs: claimAge, ...common });

  log.info({ uploads, claims }, 'Swept');
  // Thrown, so that FC's metrics show the failure; the next run tries the rest again.
  if (uploads.failed > 0 && claims.failed > 0) log.error({ error: claims.error }, 'Claims failed');
  if (uploads.failed + claims.failed > 0) throw uploads.error ?? claims.error;
  return { uploads, claims };
});
