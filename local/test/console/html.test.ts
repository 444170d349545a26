import { expect, it } from 'vitest';
import { html } from '#src/console/html';

const hostile = `</script><img src=x onerror="alert(1)" alt='&'>`;

it('escapes every value, in text and in attributes', () => {
  expect(html`<a title="${hostile}">${hostile}</a>`.text).not.toMatch(/<img|onerror="/);
  expect(html`<p>${'<&>"\''}</p>`.text).toBe('<p>&lt;&amp;&gt;&quot;&#39;</p>');
});

it('inserts markup unchanged, lists in order, and nothing for absent values', () => {
  const list = ['a', 'b'].map((one) => html`<li>${one}</li>`);
  expect(html`<ul>${list}${undefined}${false}${0}</ul>`.text).toBe(
    '<ul><li>a</li><li>b</li>0</ul>',
  );
});

it('escapes the strings in a list', () => {
  expect(html`${['<', html`<b>`]}`.text).toBe('&lt;<b>');
});

it.each([
  ['\u001b[31mred', '\\u001b[31mred'],
  ['a\rb', 'a\\u000db'],
  ['a\u0000b', 'a\\u0000b'],
  ['\u202egnp.exe', '\\u202egnp.exe'],
  ['line\r\nline\tend\n', 'line\nline\tend\n'],
])('shows what would not be seen: %j', (text, shown) => {
  expect(html`${text}`.text).toBe(shown);
});
