import type { Clock } from '../clock.ts';
import type { ChooseFault } from '../faults.ts';
import { close, listen, urlOf } from '../http/listen.ts';
import { httpServer } from '../http/server.ts';
import type { Authority } from '../identities/types.ts';
import { type ObserveRequest, withNotes } from '../requests/observe.ts';
import { edge } from './edge.ts';
import { withOssFaults } from './faults.ts';
import { OssService } from './service.ts';

export interface OssOptions {
  clock: Clock;
  authority: Authority;
  /** `cn-hangzhou`, without `oss-`. */
  region: string;
  /** 127.0.0.1 when left out. */
  host?: string;
  /** Any free one when 0 or left out. */
  port?: number;
  /** Folder for buckets and objects; when left out, a temporary one that is removed on close. */
  data?: string;
  /** Whether what is acknowledged is on the disk, and not only with the operating system. */
  sync?: boolean;
  /** Chooses what goes wrong with each request; absent: nothing does. */
  faults?: ChooseFault;
  /** Hears of each request; absent: nothing is noted. */
  observe?: ObserveRequest;
}

export interface OssServer {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  /** What the server serves, usable without HTTP. */
  service: OssService;
  close(): Promise<void>;
}

/** Room for 8 KiB of metadata, a long token and a key of 1023 encoded bytes. */
const MAX_HEAD_BYTES = 64 * 1024;

/** Starts the object storage. Throws LocalCloudError when it cannot listen. */
export async function startOss(options: OssOptions): Promise<OssServer> {
  const { clock, authority, region, host = '127.0.0.1', port = 0, data, sync } = options;
  const service = await OssService.open({
    clock,
    accountId: authority.accountId,
    region,
    data,
    sync,
  });
  const { handle, settled } = edge({ clock, authority, region, service });
  const noted = { service: 'OSS', clock } as const;
  const server = httpServer(
    withNotes(withOssFaults(handle, options.faults, clock), options.observe, noted),
    {
      clock,
      maxHeadBytes: MAX_HEAD_BYTES,
      lenient: true, // ali-oss may send Content-Length and chunked both
    },
  );
  try {
    const listening = await listen(server, host, port);
    return {
      url: urlOf(host, listening),
      port: listening,
      service,
      async close() {
        service.beginClose();
        await close(server);
        await settled();
        await service.close();
      },
    };
  } catch (error) {
    await service.close();
    throw error;
  }
}
