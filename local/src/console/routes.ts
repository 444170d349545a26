import { percentDecode } from '../percent.ts';
import { bucketPage } from './bucket.ts';
import { abortUpload, setCors, setLifecycle, settingsPage } from './bucket-settings.ts';
import {
  create,
  removeBucket,
  removeQueue,
  removeTopic,
  subscribe,
  unsubscribe,
} from './create.ts';
import { ConsoleError } from './errors.ts';
import { functionPage, invoke } from './function.ts';
import { invocationPage } from './invocations.ts';
import { mapFile, mapPage } from './map.ts';
import { download, image, objectPage } from './object.ts';
import { redriveQuarantined, remove, removeTicked, sign } from './object-actions.ts';
import { overview } from './overview.ts';
import type { Handler } from './page.ts';
import { queuePage } from './queue.ts';
import { deleteTicked, move, purge, redrive, send } from './queue-actions.ts';
import { deleteReceived, hideReceived, receive } from './receive.ts';
import { requestsPage } from './requests.ts';
import { searchPage } from './search.ts';
import { clear, exportState, setFaults, statePage, takeState } from './state-page.ts';
import { publish, topicPage } from './topic.ts';
import { tracePage, tracesPage } from './trace-page.ts';
import { upload } from './upload.ts';

/** Handlers by path; each second part of a path is a name. */
const ROUTES = new Map<string, Handler>([
  ['GET /', overview],
  ['GET /search', searchPage],
  ['GET /state', statePage],
  ['GET /export', exportState],
  ['POST /import', takeState],
  ['POST /clear', clear],
  ['POST /faults', setFaults],
  ['GET /map', mapPage],
  ['GET /map.svg', mapFile],
  ['GET /requests', requestsPage],
  ['GET /traces', tracesPage],
  ['GET /traces/:', tracePage],
  ['GET /functions/:', functionPage],
  ['GET /functions/:/invocations/:', invocationPage],
  ['POST /functions/:/invoke', invoke],
  ['GET /queues/:', queuePage],
  ['POST /queues/:/send', send],
  ['POST /queues/:/purge', purge],
  ['POST /queues/:/move', move],
  ['POST /queues/:/redrive', redrive],
  ['GET /topics/:', topicPage],
  ['POST /topics/:/publish', publish],
  ['GET /buckets/:', bucketPage],
  ['GET /buckets/:/object', objectPage],
  ['GET /buckets/:/image', image],
  ['GET /buckets/:/download', download],
  ['POST /buckets/:/delete', remove],
  ['POST /buckets/:/delete-ticked', removeTicked],
  ['POST /buckets/:/redrive', redriveQuarantined],
  ['POST /buckets/:/sign', sign],
  ['POST /buckets/:/upload', upload],
  ['POST /buckets/:/remove', removeBucket],
  ['GET /buckets/:/settings', settingsPage],
  ['POST /buckets/:/cors', setCors],
  ['POST /buckets/:/lifecycle', setLifecycle],
  ['POST /buckets/:/abort', abortUpload],
  ['POST /new/:', create],
  ['POST /queues/:/remove', removeQueue],
  ['POST /queues/:/receive', receive],
  ['POST /queues/:/delete-received', deleteReceived],
  ['POST /queues/:/hide-received', hideReceived],
  ['POST /queues/:/delete-ticked', deleteTicked],
  ['POST /topics/:/remove', removeTopic],
  ['POST /topics/:/subscribe', subscribe],
  ['POST /topics/:/unsubscribe', unsubscribe],
]);

/**
 * Maximum length of a name, percent-encoded: of queues, topics, buckets, functions and request ids.
 */
const MAX_NAME_CHARACTERS = 1000;

export interface Route {
  handler: Handler;
  names: string[];
}

/**
 * Returns the handler of a method and a path. Throws a 404, a 405, or a 400 for a path that cannot
 * be decoded.
 */
export function route(method: string, path: string): Route {
  const parts = path.slice(1).split('/');
  const pattern = `/${parts.map((part, at) => (at % 2 === 1 ? ':' : part)).join('/')}`;
  const handler = ROUTES.get(`${method} ${pattern}`);
  const names = parts.filter((_, at) => at % 2 === 1);
  if (names.includes('') && path !== '/') throw new ConsoleError(404, `There is no page ${path}`);
  if (handler) return { handler, names: names.map(decode) };
  const known = ['GET', 'POST'].some((other) => ROUTES.has(`${other} ${pattern}`));
  if (known) throw new ConsoleError(405, `${path} does not take ${method}`);
  throw new ConsoleError(404, `There is no page ${path}`);
}

function decode(part: string): string {
  const decoded = percentDecode(part);
  if (part.length > MAX_NAME_CHARACTERS)
    throw new ConsoleError(404, `No name here has more than ${MAX_NAME_CHARACTERS} characters`);
  if (decoded === undefined) throw new ConsoleError(400, `"${part}" is no percent-encoded UTF-8`);
  return decoded;
}
