/** The event of an OSS trigger with one entry for each object. */
export function ossEvent(bucket: string, ...objects: { key: string; eTag?: string }[]): Buffer {
  const events = objects.map(({ key, eTag = '' }) => ({
    eventName: 'ObjectCreated:PutObject',
    eventSource: 'acs:oss',
    eventTime: '2026-01-02T03:04:05.000Z',
    eventVersion: '1.0',
    oss: { bucket: { name: bucket }, object: { deltaSize: 1, eTag, key, size: 1 } },
    region: 'cn-hangzhou',
  }));
  return Buffer.from(JSON.stringify({ events }));
}
