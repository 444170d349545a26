import { randomUUID } from 'node:crypto';
import type { TestCloud } from 'fc-local/testing';
import type { UploadGrant } from '#shared/oss';
import { abandonUpload, OssClient, upload } from '#shared/oss';
import { provePermissions } from '#test/prove-permissions';

/**
 * Uses a grant of each kind. Returns the codes with which OSS refused it. The credential also has to abort
 * an upload it began.
 */
async function useGrants(cloud: TestCloud): Promise<string[]> {
  const codes: string[] = [];
  for (const kind of ['post', 'url', 'sts']) {
    const wish = { kind, name: `${randomUUID()}.txt`, contentType: 'text/plain', size: 4 };
    const url = cloud.function('upload-grant').url;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(wish) });
    if (response.status === 201)
      codes.push(...(await use((await response.json()) as UploadGrant, cloud)));
  }
  return codes;
}

async function use(grant: UploadGrant, cloud: TestCloud): Promise<string[]> {
  if (grant.kind === 'sts') return useCredential(grant, cloud);
  const { 'content-length': _, ...headers } = grant.kind === 'url' ? grant.headers : {};
  const form = new FormData();
  if (grant.kind === 'post') {
    for (const [name, value] of Object.entries(grant.fields)) form.append(name, value);
    form.append('file', new Blob(['text']));
  }
  const response = await (grant.kind === 'url'
    ? fetch(grant.url, { method: 'PUT', headers, body: 'text' })
    : fetch(grant.url, { method: 'POST', body: form }));
  return [/<Code>(\w+)</.exec(await response.text())?.[1] ?? []].flat();
}

async function useCredential(
  { bucket, region, credentials, key }: Extract<UploadGrant, { kind: 'sts' }>,
  { environment: env }: TestCloud,
): Promise<string[]> {
  const client = new OssClient({ bucket, region, credentials, env });
  const given = { bucket, key, uploadId: '0'.repeat(32), partSize: 1, parts: [] };
  const outcomes = await Promise.allSettled([
    upload(client, key, Buffer.from('text')),
    abandonUpload(client, given),
  ]);
  return outcomes.flatMap((one) => (one.status === 'rejected' ? String(one.reason.code) : []));
}

provePermissions('upload-grant', { run: useGrants, assumes: 'UPLOAD_ROLE_ARN' });
