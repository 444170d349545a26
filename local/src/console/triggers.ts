import type { TriggerSpec } from '../project/types.ts';
import { type Html, html } from './html.ts';
import { to } from './page.ts';

/**
 * Describes a function's trigger, on one line, with a link to its source; `url` is the function's
 * own address.
 */
export function describeTrigger(trigger: TriggerSpec, url: string | undefined): Html {
  switch (trigger.type) {
    case 'http':
      return html`<span class="dim">HTTP</span> ${trigger.methods.join(' ')} ${address(trigger.methods, url)}${
        trigger.authType === 'function' && ', signed'
      }`;
    case 'timer':
      return html`<span class="dim">timer</span> ${trigger.cronExpression}${disabled(trigger)}`;
    case 'oss': {
      const keys = `${trigger.prefix}*${trigger.suffix}`;
      const events = trigger.events.map((event) => event.replace(/^oss:/, '')).join(', ');
      return html`<span class="dim">bucket</span> <a href="${to('buckets', trigger.bucket)}">${trigger.bucket}</a> ${keys} <span class="dim">${events}</span>`;
    }
    case 'mns_topic':
      return html`<span class="dim">topic</span> <a href="${to('topics', trigger.topic)}">${trigger.topic}</a>${
        trigger.filterTag !== undefined && ` tag ${trigger.filterTag}`
      } <span class="dim">${trigger.format}</span>`;
    case 'eventbridge':
      return html`<span class="dim">queue</span> <a href="${to('queues', trigger.queue)}">${trigger.queue}</a> <span class="dim">up to ${
        trigger.batch.count
      } in ${trigger.batch.seconds} s</span>${disabled(trigger)}`;
  }
}

function disabled({ enable }: { enable: boolean }): string | false {
  return !enable && ', disabled';
}

/** Returns a link where the function accepts a browser's GET. */
function address(methods: readonly string[], url: string | undefined): Html {
  if (url === undefined) return html``;
  return methods.includes('GET') ? html`<a href="${url}">${url}</a>` : html`<code>${url}</code>`;
}
