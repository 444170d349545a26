/**
 * oss-archiver: streams objects of any size into one zip object, in as many runs as it takes.
 *
 * Trigger   asynchronous invocation, {"prefix": "…", "output": "….zip"} or {"keys": ["…"], "output": "….zip"}
 * Run here  npm start, then: echo '{"prefix":"uploads/","output":"archives/a.zip"}' | npx fc-local invoke oss-archiver --event -
 * Change    INPUT_PREFIX and OUTPUT_PREFIX, in s.yaml and in the role; MAX_RUNS
 * Docs      https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/asynchronous-invocation
 *
 * Near its deadline it stores a checkpoint and invokes itself to continue. An event that comes twice does
 * no harm. Objects that are gone or have changed meanwhile are left out of the zip, logged, and reported.
 */
import { functionClient } from '#shared/fc';
import { environment, eventHandler, wholeNumber } from '#shared/handler';
import { archiveObjects, checkOutputPrefix, ossClient, parseArchiveEvent } from '#shared/oss';

export const handler = eventHandler(
  parseArchiveEvent,
  async (event, { context, deadline, log }) => {
    const env = environment(['BUCKET_NAME', 'INPUT_PREFIX', 'OUTPUT_PREFIX', 'MAX_RUNS']);
    checkOutputPrefix(env.INPUT_PREFIX, env.OUTPUT_PREFIX);

    const outcome = await archiveObjects(ossClient(context, { bucket: env.BUCKET_NAME }), event, {
      inputPrefix: env.INPUT_PREFIX,
      outputPrefix: env.OUTPUT_PREFIX,
      maxRuns: wholeNumber('MAX_RUNS', env.MAX_RUNS),
      deadline,
      invocation: context,
      log,
    });

    if (outcome.state === 'unfinished') {
      const { name = '' } = context.function;
      await functionClient(context).invoke(name, outcome.next, { type: 'async' });
      log.info(outcome, 'Goes on in another run');
    }
    return outcome;
  },
);
