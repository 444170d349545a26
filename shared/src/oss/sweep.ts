import { systemClock } from '../clock/clock.ts';
import type { Deadline } from '../context/deadline.ts';
import type { Log } from '../log/log.ts';
import { isAddressable } from './bucket/check.ts';
import type { OssClient } from './bucket/client.ts';
import type { Operation } from './bucket/errors.ts';
import { MAX_PAGE } from './bucket/limits.ts';
import { ossRequest } from './bucket/request.ts';
import { URL_ENCODING, urlDecoded } from './bucket/url-encoding.ts';
import { abort } from './upload/operations.ts';

export interface SweepOptions {
  prefix: string;
  /** Anything younger is kept. Milliseconds. */
  minAgeMs: number;
  /** Nothing is started within `reserveMs` of it. */
  deadline: Pick<Deadline, 'remaining'>;
  /** Milliseconds; default 10,000. */
  reserveMs?: number;
  /** Milliseconds since the epoch; default now. */
  now?: number;
  /** Gets a line for each object that is skipped. */
  log?: Pick<Log, 'warn'>;
}

export interface SweepReport {
  removed: number;
  /**
   * Number of old objects whose key no address can carry (a segment of `.` or `..`): only the client that
   * stored them may be able to remove them. Absent if there are none.
   */
  skipped?: number;
  /** Removals and lists that were refused or failed; the next run tries them again. */
  failed: number;
  /** False if the deadline came first, or a list failed. */
  finished: boolean;
  /** The first failure. */
  error?: unknown;
}

interface Found {
  key: string;
  /** Milliseconds since the epoch. */
  time: number;
  remove(): Promise<void>;
}

const IN_FLIGHT = 8;
const RESERVE_MS = 10_000;

/**
 * Aborts multipart uploads that were begun long ago and never completed: their parts are invisible but cost
 * money. Needs oss:ListMultipartUploads on the bucket and oss:AbortMultipartUpload.
 */
export function sweepUploads(bucket: OssClient, options: SweepOptions): Promise<SweepReport> {
  return sweep(listUploads(bucket, options.prefix), options);
}

/** Deletes objects that were last changed long ago. Needs oss:ListObjects on the bucket and oss:DeleteObject. */
export function sweepObjects(bucket: OssClient, options: SweepOptions): Promise<SweepReport> {
  return sweep(listObjects(bucket, options.prefix), options);
}

async function sweep(
  pages: AsyncIterable<Found[]>,
  { minAgeMs, deadline, reserveMs = RESERVE_MS, now = systemClock.now(), log }: SweepOptions,
): Promise<SweepReport> {
  const report: SweepReport = { removed: 0, failed: 0, finished: true };
  const inTime = () => deadline.remaining() > reserveMs;
  const failed = (error: unknown) => {
    report.failed++;
    report.error ??= error;
  };
  const remover = async (waiting: Iterator<Found>) => {
    for (let next = waiting.next(); !next.done && inTime(); next = waiting.next())
      try {
        await next.value.remove();
        report.removed++;
      } catch (error) {
        failed(error);
      }
  };
  try {
    for await (const page of pages) {
      const old = page.filter(({ time }) => time <= now - minAgeMs);
      for (const { key } of old.filter((one) => !isAddressable(one.key))) {
        report.skipped = (report.skipped ?? 0) + 1;
        log?.warn({ key }, 'Skipped: no address can carry this key');
      }
      const waiting = old.filter(({ key }) => isAddressable(key)).values();
      await Promise.all(Array.from({ length: IN_FLIGHT }, () => remover(waiting)));
      report.finished = inTime();
      if (!report.finished) break;
    }
  } catch (error) {
    failed(error); // the list itself
    report.finished = false;
  }
  return report;
}

async function* listObjects(bucket: OssClient, prefix: string): AsyncGenerator<Found[]> {
  let token: string | undefined;
  do {
    const page = await bucket.listObjects({ prefix, max: MAX_PAGE, ...(token && { token }) });
    yield page.objects.map(({ key, lastModified }) => ({
      key,
      time: lastModified,
      remove: () => bucket.deleteObject(key),
    }));
    token = page.nextToken;
  } while (token);
}

async function* listUploads(bucket: OssClient, prefix: string): AsyncGenerator<Found[]> {
  const operation: Operation = { name: 'ListMultipartUploads', bucket: bucket.bucket };
  let marker: Record<string, string> = {};
  for (;;) {
    const query = { uploads: '', prefix, 'max-uploads': String(MAX_PAGE), ...URL_ENCODING };
    const { xml = {} } = await ossRequest(bucket, operation, {
      method: 'GET',
      query: { ...query, ...marker },
      status: 200,
      isXml: true,
    });
    yield [xml.Upload ?? []].flat().map((upload) => {
      const { Key, UploadId, Initiated } = upload as Record<string, unknown>;
      const path = { key: urlDecoded(String(Key)), uploadId: String(UploadId) };
      return { ...path, time: Date.parse(String(Initiated)), remove: () => abort(bucket, path) };
    });
    if (xml.IsTruncated !== 'true') return;
    marker = {
      'key-marker': urlDecoded(String(xml.NextKeyMarker)),
      'upload-id-marker': String(xml.NextUploadIdMarker),
    };
  }
}
