import type { Duplex } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { ChooseFault } from '../faults.ts';
import { close, listen, urlOf } from '../http/listen.ts';
import { takingAbsoluteForm } from '../http/origin-form.ts';
import { httpServer } from '../http/server.ts';
import type { Authority } from '../identities/types.ts';
import { type ObserveRequest, withNotes } from '../requests/observe.ts';
import { SmqService } from './core/service.ts';
import type { ServiceOptions } from './core/service-options.ts';
import type { Store } from './core/store.ts';
import { edge } from './edge.ts';
import { SmqError } from './errors.ts';
import { withSmqFaults } from './faults.ts';
import { httpPush } from './push/push.ts';
import { errorReply, newRequestId } from './respond.ts';
import { memoryStore } from './store/memory.ts';
import { writeXml } from './write-xml.ts';

export interface SmqOptions {
  clock: Clock;
  authority: Authority;
  region: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Folder for the state; absent: it is kept in memory. */
  data?: string;
  /**
   * Whether acknowledged writes are synced to the disk, not only handed to the operating system.
   */
  sync?: boolean;
  /**
   * After a change of visibility, refuses the handle of the receive (as documented) instead of
   * accepting both.
   */
  strictHandles?: boolean;
  /**
   * How many receivers may wait at one queue at the same time (default 1000); one more gets
   * MessageNotExist immediately.
   */
  longPolls?: number;
  /** Chooses a fault for each request; absent: no faults. */
  faults?: ChooseFault;
  /** Called for each request; absent: requests are not observed. */
  observe?: ObserveRequest;
  /** Delay of the fault `latency` in milliseconds; default 200. */
  latencyMs?: number;
}

export interface SmqServer {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  port: number;
  /** The same queues and topics without HTTP, signatures and policies. */
  service: SmqService;
  close(): Promise<void>;
}

/**
 * Starts an SMQ server. Throws LocalCloudError if the port is taken or the folder cannot be used.
 */
export async function startSmq(options: SmqOptions): Promise<SmqServer> {
  const { clock, authority, region, host = '127.0.0.1', data, sync = false } = options;
  const { strictHandles, longPolls, faults, latencyMs } = options;
  const store = await openStore(data, sync);
  const { accountId } = authority;
  let url = '';
  const push = httpPush({ clock, accountId, serverUrl: () => url });
  const service = await loaded(store, {
    clock,
    accountId,
    region,
    strictHandles,
    longPolls,
    push,
  });
  const end = async (): Promise<void> => {
    await service.close();
    push.close();
  };
  const server = httpServer(
    takingAbsoluteForm(
      withNotes(
        withSmqFaults(edge({ clock, authority, region, service }), faults, {
          clock,
          service,
          ...(latencyMs !== undefined && { latencyMs }),
        }),
        options.observe,
        { service: 'SMQ', clock },
      ),
    ),
    { clock },
  );
  server.on('clientError', (_error, socket) => refuse(socket, `http://${host}`));
  try {
    const port = await listen(server, host, options.port ?? 0);
    url = urlOf(host, port);
    return {
      url,
      port,
      service,
      async close() {
        await close(server);
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Creates the service from the store; the store is closed when it cannot be read. */
async function loaded(store: Store, options: Omit<ServiceOptions, 'store'>): Promise<SmqService> {
  try {
    return new SmqService({ ...options, store });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Loads LMDB, a native addon, only for a folder. */
async function openStore(data: string | undefined, sync: boolean): Promise<Store> {
  if (data === undefined) return memoryStore();
  const { lmdbStore } = await import('./store/lmdb.ts');
  return lmdbStore(data, { sync });
}

/** Sends the last answer of a connection whose request is not HTTP, or too late. */
function refuse(socket: Duplex, base: string): void {
  if (!socket.writable) return void socket.destroy();
  const { body } = errorReply(new SmqError('InvalidRequestURL'), newRequestId(), base);
  const text = body ? writeXml(...body) : '';
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nServer: AliyunMQS\r\nContent-Type: text/xml;charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}
