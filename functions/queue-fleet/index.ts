/**
 * queue-fleet: runs as many drains of a queue at once as its backlog needs.
 *
 * Trigger   timer, every minute; off until you turn it on (s.yaml: queue-fleet)
 * Run here  npm start, then: npx fc-local event timer | npx fc-local invoke queue-fleet --event -
 * Change    MAX_WORKERS, and the function it starts: WORKER_NAME in s.yaml, and the role in infra/template.yaml
 * Docs      https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/asynchronous-invocation
 *
 * A worker is an asynchronous invocation of queue-consumer (service/name for an FC 2.0 function). Each
 * has a place in the bucket for as long as it may run: there are never more at a time than places, and only
 * its timer starts this function. docs/fleet.md describes what it does for 100 million messages.
 */
import { functionClient, runFleet } from '#shared/fc';
import { environment, timerHandler, wholeNumber } from '#shared/handler';
import { ossClient } from '#shared/oss';
import { smqClient } from '#shared/smq';

export const handler = timerHandler(async ({ triggerTime }, { context, deadline, log }) => {
  const env = environment([
    'QUEUE_NAME',
    'BUCKET_NAME',
    'WORKER_NAME',
    'MAX_WORKERS',
    'WORKER_SECONDS',
    'WORKER_REQUESTS',
  ]);
  const functions = functionClient(context);

  return runFleet(smqClient(context).queue(env.QUEUE_NAME), {
    bucket: ossClient(context, { bucket: env.BUCKET_NAME }),
    maxWorkers: wholeNumber('MAX_WORKERS', env.MAX_WORKERS),
    workerSeconds: wholeNumber('WORKER_SECONDS', env.WORKER_SECONDS),
    workerRequests: wholeNumber('WORKER_REQUESTS', env.WORKER_REQUESTS),
    deadline,
    log,
    async start(place) {
      // What the worker's own timer would give it.
      const payload = `place ${place}`;
      const event = { triggerTime, triggerName: 'queue-fleet', payload };
      const { requestId } = await functions.invoke(env.WORKER_NAME, event, { type: 'async' });
      log.info({ place, invocation: requestId }, 'Started worker');
    },
  });
});
