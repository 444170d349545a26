import type { LocalCloudHooks } from '../../../local/src/main.ts';
import { options, UsageError, wholeNumber } from '../cli.ts';
import { TAMPERINGS } from './tamper.ts';

export interface DemoOptions {
  /** How many orders. */
  count: number;
  tamper: LocalCloudHooks['tamper'];
  json: boolean;
  help: boolean;
}

/** The command line of `npm run demo`; throws UsageError for what it cannot take. */
export function readDemoOptions(argv?: string[]): DemoOptions {
  const { orders, tamper, json, help } = options(
    {
      orders: { type: 'string', default: '5' },
      tamper: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    argv,
  );
  if (tamper !== undefined && !Object.hasOwn(TAMPERINGS, tamper))
    throw new UsageError(`--tamper is "${tamper}"; give ${Object.keys(TAMPERINGS).join(', ')}`);
  return {
    count: wholeNumber('orders', orders, 1, 10_000),
    tamper: tamper === undefined ? undefined : TAMPERINGS[tamper],
    json,
    help,
  };
}
