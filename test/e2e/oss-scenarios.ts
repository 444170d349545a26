import { ossEvent, type TestCloud } from 'fc-local/testing';
import type { UploadGrant } from '#shared/oss';
import { abandonUpload, OssClient, upload } from '#shared/oss';
import { checkIn } from '#shared/publish';
import { anOrder } from '#test/orders';

/** Uses a grant of each kind; the codes with which OSS refused it. The credential also has to end an upload it began. */
export async function useGrants(cloud: TestCloud, name: string): Promise<string[]> {
  const codes: string[] = [];
  for (const kind of ['post', 'url', 'sts']) {
    const wish = { kind, name: `${anOrder().id}.txt`, contentType: 'text/plain', size: 4 };
    const url = cloud.function(name).url;
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

/** An object is stored, and its event delivered to that function. */
export async function storeAndTell(cloud: TestCloud, name: string): Promise<void> {
  const fn = cloud.function(name);
  const bucket = cloud.bucket();
  const { key, eTag } = await bucket.put(`${fn.env.INPUT_PREFIX}${anOrder().id}`, 'text');
  await fn.invoke(ossEvent(bucket.name, [{ key, eTag }]));
}

/** The body of a message that stands for an order in the bucket. */
export async function claimedOrder(cloud: TestCloud): Promise<string> {
  return (await checkIn(ownerOf(cloud), JSON.stringify(anOrder()))).body;
}

/** The function finds an upload that was left and a claim check, both old enough for it. */
export async function litterAndSweep(cloud: TestCloud, name: string): Promise<void> {
  await cloud.bucket().beginUpload('uploads/left.bin');
  await cloud.bucket().put(`claims/${anOrder().id}`, 'claimed');
  const fn = cloud.function(name);
  await fn.redeploy({ environmentVariables: { UPLOAD_HOURS: '0', CLAIM_HOURS: '0' } });
  await fn.fireTimer();
}

function ownerOf({ project, region, accessKey, environment }: TestCloud): OssClient {
  const bucket = project?.buckets[0]?.name ?? '';
  return new OssClient({ bucket, region, credentials: accessKey, env: environment });
}
