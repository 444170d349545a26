import {
  hasFailed,
  isRefused,
  type NotedRequest,
  refusedAccess,
} from '../requests/noted-request.ts';
import { policyLine } from '../requests/policy-line.ts';
import type { Account } from './account.ts';
import { Attribution, callerName } from './attribution.ts';
import { moment } from './format.ts';
import type { History } from './history.ts';
import { type Html, html } from './html.ts';
import { section, table } from './layout.ts';
import { type Handler, PAGE_SIZE, place, to } from './page.ts';
import { withoutSecrets } from './secrets.ts';

const OUTCOMES = { refused: isRefused, failed: hasFailed } as const;
const PAGE = to('requests');
/** Maximum number of callers in a list. */
const MAX_CHOICES = 200;

/**
 * Shows the requests to the services with their callers, their answers, and the deciding statements
 * of policies.
 */
export const requestsPage: Handler = ({ account, history, query }) => {
  const all = account.requests.all();
  const attribution = new Attribution(history, all);
  const chosen = readChoice(query);
  const found = all.filter((one) => matches(one, chosen, attribution)).reverse();
  const from = place(query, 'from');
  const shown = found.slice(from, from + PAGE_SIZE);
  const next = from + PAGE_SIZE;
  return {
    title: 'Requests',
    main: html`
<h1>Requests to the services</h1>
<p class="about">The latest first. Those that failed are kept longer.</p>
${choices(all, chosen)}
${section(
  'Requests',
  html`${requestTable(account, attribution, shown)}${
    next < found.length && html`<p><a href="${PAGE}?${chosenQuery(chosen, next)}">Older</a></p>`
  }`,
)}`,
  };
};

/** Returns the table for all pages that show requests. */
export function requestTable(
  account: Account,
  attribution: Attribution,
  requests: readonly NotedRequest[],
): Html {
  return table(
    ['came', 'caller', 'what', 'answer', 'because'],
    requests.map((one) => requestRow(account, attribution, one)),
    'None.',
    { stacked: true },
  );
}

/** Returns the first action of a request and its resource. */
export function asked(request: NotedRequest): { action: string; resource: string } {
  const [first] = request.accesses;
  const access = refusedAccess(request) ?? first;
  return {
    action: access?.action ?? request.operation ?? request.method,
    resource: withoutSecrets(access?.resource ?? request.path),
  };
}

/** Returns status and code, or that there is no answer yet. */
export function answered(request: NotedRequest): Html {
  const { status, code, fault } = request;
  if (status === undefined) return html`<span class="busy">waits</span>`;
  const kind = isRefused(request) || status >= 500 || status === 0 ? 'bad' : 'dim';
  return html`<span class="${hasFailed(request) ? kind : 'dim'}">${
    status === 0 ? 'connection broke' : status
  }${code !== undefined && html` ${code}`}</span>${fault !== undefined && html` <span class="busy">fault: ${fault}</span>`}`;
}

function requestRow(account: Account, attribution: Attribution, request: NotedRequest): Html {
  const { action, resource } = asked(request);
  return html`<tr><td class="short">${moment(request.at, account.clock.now())}</td><td title="${
    request.accessKeyId ?? ''
  }">${caller(account, attribution, request)}</td><td class="body"><code>${action}</code> <span class="dim">${request.service}</span><div><code>${resource}</code>${
    request.accesses.length > 1 &&
    html` <span class="dim">and ${request.accesses.length - 1} more</span>`
  }</div></td><td>${answered(request)}<div class="dim"><code>${request.requestId}</code></div></td><td class="body">${because(request)}</td></tr>
`;
}

function caller(account: Account, attribution: Attribution, request: NotedRequest): Html {
  const made = attribution.of(request);
  if (!made) return html`${callerName(request)}`;
  const { functionName, requestId } = made.invocation;
  const name = account.functions.find((fn) => fn.name === functionName)?.resource ?? functionName;
  return html`<a href="${to('functions', name, 'invocations', requestId)}">${name}</a><div class="dim">${callerName(request)}${!made.during && ', after its end'}</div>`;
}

/**
 * Returns the statement that allowed it, or the reason for the refusal and the statement that would
 * allow it.
 */
function because(request: NotedRequest): Html | undefined {
  const refused = refusedAccess(request);
  if (refused && !refused.decision.allowed) {
    const { reason, by } = refused.decision;
    return html`<details id="r-${request.requestId}"><summary class="bad">${reason}</summary>${
      by === undefined
        ? html`<p>Allow it by a line under Statement in a policy of ${callerName(request)}:</p><pre tabindex="0">${policyLine(refused)}</pre>`
        : by === 'session-policy'
          ? html`<p>The policy that AssumeRole was given has to allow it too:</p><pre tabindex="0">${policyLine(refused)}</pre>`
          : html`<p>A Deny outweighs every Allow: take it out of that statement.</p>`
    }</details>`;
  }
  if (isRefused(request)) return undefined;
  const { decision } = request.accesses[0] ?? {};
  if (!decision) return undefined;
  if (!decision.allowed) return html`<span class="dim">allowed by an ACL</span>`;
  const { statement } = decision;
  return html`<span class="dim">${
    statement
      ? `statement ${statement.statement} of policy "${statement.policy}" allows it`
      : 'the account itself may do everything'
  }</span>`;
}

interface Choice {
  outcome: string;
  service: string;
  caller: string;
  /** A request id of a function: only requests for that invocation. */
  invocation: string;
}

function readChoice(query: URLSearchParams): Choice {
  const of = (name: string): string => query.get(name) ?? '';
  return {
    outcome: of('outcome'),
    service: of('service'),
    caller: of('caller'),
    invocation: of('invocation'),
  };
}

function matches(request: NotedRequest, chosen: Choice, attribution: Attribution): boolean {
  const { outcome, service, caller, invocation } = chosen;
  return (
    (outcome === '' || OUTCOMES[outcome === 'refused' ? 'refused' : 'failed'](request)) &&
    (service === '' || request.service === service) &&
    (caller === '' || callerName(request) === caller) &&
    (invocation === '' || attribution.of(request)?.invocation.requestId === invocation)
  );
}

function chosenQuery(chosen: Choice, from: number): string {
  const set = Object.entries(chosen).filter(([, value]) => value !== '');
  return String(new URLSearchParams([...set, ['from', String(from)]]));
}

function choices(all: readonly NotedRequest[], chosen: Choice): Html {
  const select = (name: keyof Choice, values: readonly string[]): Html =>
    html`<label>${name} <select name="${name}">${['', ...new Set(values)]
      .slice(0, MAX_CHOICES)
      .map(
        (value) =>
          html`<option value="${value}"${value === chosen[name] && html` selected`}>${value === '' ? 'any' : value}</option>`,
      )}</select></label> `;
  return html`<form method="get" action="${PAGE}"><p class="actions">${[
    select('outcome', Object.keys(OUTCOMES)),
    select('service', all.map(({ service }) => service).sort()),
    select('caller', all.map(callerName).sort()),
  ]}${
    chosen.invocation !== '' &&
    html`<label>invocation <input name="invocation" value="${chosen.invocation}"></label> `
  }<button>Show</button></p></form>`;
}

/** Shows the requests of one invocation to the services. */
export function requestsOf(
  { requests }: Account,
  history: History,
  requestId: string,
): { attribution: Attribution; requests: NotedRequest[] } {
  const all = requests.all();
  const attribution = new Attribution(history, all);
  return {
    attribution,
    requests: all.filter((one) => attribution.of(one)?.invocation.requestId === requestId),
  };
}
