// Fetches the page again every second and replaces the parts that have changed, while it is visible
// and no one is working in it. Without this file the page is the same, but is not updated.

const PAUSE_MS = 1000;
const sign = document.querySelector('#live');
const main = document.querySelector('main');
let shown = markup(main);
let pressed = false;

addEventListener('pointerdown', () => (pressed = true));
for (const end of ['pointerup', 'pointercancel'])
  addEventListener(end, () => setTimeout(() => (pressed = false), PAUSE_MS));

function markup({ children }) {
  return [...children].map(({ outerHTML }) => outerHTML);
}

function changed(field) {
  if (field.type === 'checkbox') return field.checked !== field.defaultChecked;
  if (field.tagName === 'SELECT') {
    const first = [...field.options].findIndex(({ defaultSelected }) => defaultSelected);
    return field.selectedIndex !== Math.max(0, first);
  }
  return field.value !== field.defaultValue;
}

function isIdle() {
  const inForm = document.activeElement?.closest('form, .confirm');
  const fields = [...main.querySelectorAll('input, textarea, select')];
  return !pressed && !inForm && getSelection().isCollapsed && !fields.some(changed);
}

function update(text) {
  const next = new DOMParser().parseFromString(text, 'text/html').querySelector('main');
  const before = shown;
  shown = markup(next);
  for (const { id } of main.querySelectorAll('details[open]'))
    next.querySelector(`#${CSS.escape(id)}`)?.setAttribute('open', '');
  const putBack = readersPlace();
  const parts = [...next.children];
  if (shown.length !== before.length) main.replaceChildren(...parts);
  else
    for (const [at, old] of [...main.children].entries())
      if (shown[at] !== before[at]) old.replaceWith(parts[at]);
  putBack();
}

/**
 * Records the focus and the scroll positions of tables; returns a function that restores both in
 * the new parts.
 */
function readersPlace() {
  const focused = document.activeElement;
  const look = ({ tagName, id, href, textContent }) => [tagName, id, href, textContent].join();
  const alike = (one) => [...main.querySelectorAll(one.tagName)].filter((other) => look(other) === look(one));
  const nth = main.contains(focused) ? alike(focused).indexOf(focused) : -1;
  const scrolled = [...main.querySelectorAll('.scroll')].map(({ scrollLeft }) => scrollLeft);
  return () => {
    for (const [at, table] of main.querySelectorAll('.scroll').entries())
      if (scrolled[at]) table.scrollLeft = scrolled[at];
    if (nth !== -1 && !focused.isConnected)
      (alike(focused)[nth] ?? main).focus({ preventScroll: true });
  };
}

async function look() {
  const began = performance.now();
  try {
    const text = await (await fetch(location.href)).text();
    // The user may have begun to work in it meanwhile.
    if (isIdle()) update(text);
    say('live');
  } catch {
    say('not reachable');
  }
  // A page that takes long to render is fetched less often.
  return Math.max(PAUSE_MS, 5 * (performance.now() - began));
}

function say(state) {
  sign.textContent = state;
  sign.className = state === 'live' ? 'on' : '';
}

for (;;) {
  let pause = PAUSE_MS;
  if (!document.hidden && isIdle()) pause = await look();
  else say('paused');
  await new Promise((resume) => setTimeout(resume, pause));
}
