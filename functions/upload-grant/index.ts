/**
 * upload-grant: gives a browser what it needs to upload one object directly to OSS.
 *
 * Trigger   HTTP, POST {"kind", "name", "contentType", "size"} (s.yaml: upload-grant)
 * Run here  npm start, then the lines in docs/functions/upload-grant.md
 * Change    the rules; who may call (authType in s.yaml), since every caller may upload
 * Docs      https://www.alibabacloud.com/help/en/oss/developer-reference/postobject
 *
 * The rules are the same for each kind: `post` is a form's POST policy, `url` a signed PUT URL, `sts` a
 * credential for this one key; each grant lists what it cannot enforce. OSS refuses the rest.
 */
import { contextCredentials, contextLocation } from '#shared/credentials';
import { environment, httpHandler, json } from '#shared/handler';
import { type GrantRules, grantUpload } from '#shared/oss';
import * as z from '#shared/schema';

const RULES: GrantRules = {
  prefix: 'uploads/',
  contentTypes: ['image/jpeg', 'image/png', 'image/webp', 'application/pdf', 'text/plain'],
  maxBytes: 100 * 1024 * 1024,
  expiresInSeconds: 600,
  overwrite: false,
};

const Wish = z.object({
  kind: z.enum(['post', 'url', 'sts']),
  name: z.string(),
  contentType: z.string(),
  size: z.number(), // bytes
});

export const handler = httpHandler({
  body: Wish,
  async handle({ body: { kind, ...wish }, context, log }) {
    const { BUCKET_NAME, UPLOAD_ROLE_ARN } = environment(['BUCKET_NAME', 'UPLOAD_ROLE_ARN']);

    const grant = await grantUpload(kind, RULES, wish, {
      bucket: BUCKET_NAME,
      region: contextLocation(context).region,
      credentials: contextCredentials(context),
      roleArn: UPLOAD_ROLE_ARN,
    });
    log.info({ kind, key: grant.key, expiresAt: grant.expiresAt }, 'Granted upload');
    return json(201, grant, { 'cache-control': 'no-store' });
  },
});
