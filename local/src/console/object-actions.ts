import { ownCaller } from './caller.ts';
import { ConsoleError } from './errors.ts';
import { counted } from './format.ts';
import { html } from './html.ts';
import { heading } from './layout.ts';
import { field, type Handler, keyIn, keysIn, numberField, to } from './page.ts';
import { readQuarantined } from './quarantine.ts';
import { MAX_SIGNED_SECONDS, signedUrl } from './signed-url.ts';

/** Removes the object as a request would: triggers are invoked. */
export const remove: Handler = async ({ account, names: [bucket = ''], query }) => {
  const key = keyIn(query, 'key');
  const removed = await account.oss.objects.remove({ bucket, key }, ownCaller(account));
  return {
    seeOther: folderOf(bucket, key),
    notice: removed ? `Removed ${key}` : `${key} was gone already`,
  };
};

/** Removes the ticked objects, each as a request would. */
export const removeTicked: Handler = async ({ account, names: [bucket = ''], form }) => {
  const keys = ticked(form);
  let removed = 0;
  for (const key of keys)
    if (
      await account.oss.objects.remove(
        { bucket, key },
        ownCaller(account),
        'ObjectRemoved:DeleteObjects',
      )
    )
      removed++;
  return {
    seeOther: folderOf(bucket, keys[0] ?? ''),
    notice: `Removed ${counted(removed, 'object')}`,
  };
};

/**
 * Sends a message that a consumer has quarantined back to its queue, then removes the object: twice
 * rather than not at all.
 */
export const redriveQuarantined: Handler = async ({
  account,
  names: [bucket = ''],
  form,
  query,
}) => {
  const { oss, smq } = account;
  const keys = query.has('key') ? [keyIn(query, 'key')] : ticked(form);
  const read = [];
  for (const key of keys) {
    const message = readQuarantined(await oss.readObject(bucket, key));
    if (!message) throw new ConsoleError(400, `${key} is not a quarantined message`);
    smq.getQueue(message.queue);
    read.push({ key, message });
  }
  for (const { key, message } of read) {
    const { queue, ...input } = message;
    await smq.send(queue, input);
    await oss.objects.remove({ bucket, key }, ownCaller(account));
  }
  return {
    seeOther: folderOf(bucket, keys[0] ?? ''),
    notice: `Sent ${counted(read.length, 'message')} back`,
  };
};

/** Shows an address with which anyone can get or put the object until it expires. */
export const sign: Handler = ({ account, names: [bucket = ''], query, form }) => {
  const key = keyIn(query, 'key');
  account.oss.buckets.require(bucket);
  const method = field(form, 'method') === 'PUT' ? 'PUT' : 'GET';
  const seconds = numberField(form, 'seconds') ?? 3600;
  if (seconds < 1 || seconds > MAX_SIGNED_SECONDS)
    throw new ConsoleError(400, `seconds is ${seconds}: give 1 to ${MAX_SIGNED_SECONDS}`);
  const url = signedUrl(account, { bucket, key, method, seconds });
  const object = `${to('buckets', bucket)}/object?key=${encodeURIComponent(key)}`;
  return {
    title: `Signed URL of ${key}`,
    still: true,
    main: html`
${heading('signed URL', key, html`of <a href="${object}">${bucket}</a>, for ${method} within ${seconds} s`)}
<p>${method === 'GET' ? html`<a href="${url}"><code>${url}</code></a>` : html`<code>${url}</code>`}</p>
<pre tabindex="0">curl ${method === 'PUT' && '-T FILE '}'${url}'</pre>`,
  };
};

/** Returns the ticked keys. Throws a 400 when there are none. */
function ticked(form: URLSearchParams): string[] {
  const keys = keysIn(form, 'key');
  if (keys.length > 0) return keys;
  throw new ConsoleError(400, 'No object was ticked: go back and tick some');
}

function folderOf(bucket: string, key: string): string {
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  return `${to('buckets', bucket)}?prefix=${encodeURIComponent(folder)}`;
}
