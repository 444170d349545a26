import type { Clock } from '../clock.ts';
import type { ChooseFault } from '../faults.ts';
import { close, listen, urlOf } from '../http/listen.ts';
import { httpServer } from '../http/server.ts';
import type { Identities } from '../identities/identities.ts';
import { type ObserveRequest, withNotes } from '../requests/observe.ts';
import { edge } from './edge.ts';
import { withOpenApiFaults } from './faults.ts';
import { MAX_HEAD_BYTES } from './limits.ts';
import type { DescribeAccount } from './local.ts';
import { Metadata } from './metadata.ts';
import type { MpaasOptions } from './operations/operation.ts';

export interface OpenApiOptions {
  clock: Clock;
  identities: Identities;
  region: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /**
   * The role whose credential the metadata service and /credentials return; its trust policy must
   * name ecs.aliyuncs.com.
   */
  instanceRole?: string;
  /** Whether the metadata service answers without a token; default false. */
  imdsV1?: boolean;
  /** Answers this machine's tools; absent: they get nothing here. */
  describeAccount?: DescribeAccount;
  /** Absent: no app has a virtual host. */
  mpaas?: MpaasOptions;
  /** Chooses a fault for each request; absent: no faults. */
  faults?: ChooseFault;
  /** Called for each request; absent: requests are not observed. */
  observe?: ObserveRequest;
}

export interface OpenApiServer {
  /** `http://127.0.0.1:<port>`: STS and mPaaS at its root, the metadata service under /latest/, a credential at /credentials. */
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Starts the OpenAPI gateway, all products on one port. Throws LocalCloudError if the port is taken. */
export async function startOpenApi(options: OpenApiOptions): Promise<OpenApiServer> {
  const { clock, identities, region, host = '127.0.0.1', instanceRole, imdsV1 } = options;
  const metadata = new Metadata({ clock, identities, instanceRole, imdsV1 });
  const { describeAccount } = options;
  const mpaas = options.mpaas ?? { vhosts: {} };
  const server = httpServer(
    withNotes(
      withOpenApiFaults(
        edge({ clock, identities, region, mpaas, metadata, describeAccount }),
        options.faults,
        clock,
      ),
      options.observe,
      { service: 'STS, OpenAPI', clock },
    ),
    { clock, maxHeadBytes: MAX_HEAD_BYTES },
  );
  const port = await listen(server, host, options.port ?? 0);
  return { url: urlOf(host, port), port, close: () => close(server) };
}
