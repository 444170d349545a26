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
  /** 0 or absent: any free port. */
  port?: number;
  /** Folder for buckets and objects; absent: a temporary one that is removed on close. */
  data?: string;
  /**
   * Whether acknowledged writes are synced to the disk, not only handed to the operating system.
   */
  sync?: boolean;
  /** Chooses a fault for each request; absent: no faults. */
  faults?: ChooseFault;
  /** Called for each request; absent: requests are not observed. */
  observe?: ObserveRequest;
}

export interface OssServer {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  /** The service of this server, usable without HTTP. */
  service: OssService;
  close(): Promise<void>;
}

/** Fits 8 KiB of metadata, a long token and a key of 1023 encoded bytes. */
const MAX_HEAD_BYTES = 64 * 1024;

/** Starts the object storage server. Throws LocalCloudError when it cannot listen. */
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
      lenient: true, // ali-oss may send both Content-Length and chunked encoding
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
