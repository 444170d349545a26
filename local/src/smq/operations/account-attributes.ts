import { optionalText } from '../read-xml.ts';
import { bodyOf, NO_CONTENT, type Operation } from './operation.ts';

/** `GET /?accountmeta=true`. */
export const getAccountAttributes: Operation = {
  action: 'GetAccountAttributes',
  query: ['accountmeta'],
  run({ service }) {
    return { status: 200, body: ['Account', { LoggingBucket: service.loggingBucket }] };
  },
};

/**
 * `PUT /?accountmeta=true`; the bucket is stored, and nothing is logged to it. Without one the
 * current one stays.
 */
export const setAccountAttributes: Operation = {
  action: 'SetAccountAttributes',
  query: ['accountmeta'],
  async run(call) {
    const bucket = optionalText(bodyOf(call, 'Account', ['LoggingBucket']), 'LoggingBucket');
    if (bucket !== undefined) await call.service.setLoggingBucket(bucket);
    return { status: NO_CONTENT };
  },
};
