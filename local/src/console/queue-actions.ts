import { ConsoleError } from './errors.ts';
import { counted } from './format.ts';
import { field, type Handler, numberField, to } from './page.ts';

export const send: Handler = async ({ account: { smq }, names: [name = ''], form }) => {
  const { messageId } = await smq.send(name, {
    body: field(form, 'body'),
    delaySeconds: numberField(form, 'delay'),
    priority: numberField(form, 'priority'),
  });
  return { seeOther: to('queues', name), notice: `Sent message ${messageId}` };
};

export const purge: Handler = async ({ account: { smq }, names: [name = ''] }) => {
  const removed = await smq.purge(name);
  return { seeOther: to('queues', name), notice: `Removed ${counted(removed, 'message')}` };
};

/** Deletes the ticked messages; a receiver that holds one of them can no longer delete it. */
export const deleteTicked: Handler = async ({ account: { smq }, names: [name = ''], form }) => {
  const removed = await smq.purge(name, chosen(form));
  return { seeOther: to('queues', name), notice: `Removed ${counted(removed, 'message')}` };
};

export const move: Handler = async ({ account: { smq }, names: [name = ''], form }) => {
  const target = field(form, 'to');
  const moved = await smq.move(name, target, chosen(form));
  return {
    seeOther: to('queues', name),
    notice: `Moved ${counted(moved, 'message')} to ${target}`,
  };
};

export const redrive: Handler = async ({ account: { smq }, names: [name = ''], form }) => {
  const moved = await smq.redrive(name, chosen(form));
  return {
    seeOther: to('queues', name),
    notice: `Moved ${counted(moved, 'message')} back to where they came from`,
  };
};

/** Returns the ids of the ticked messages; undefined for all. Throws a 400 when it is neither. */
function chosen(form: URLSearchParams): string[] | undefined {
  if (form.has('all')) return undefined;
  const ids = form.getAll('id');
  if (ids.length > 0) return ids;
  throw new ConsoleError(400, 'No message was ticked: go back and tick some, or take all');
}
