import { expect, it } from 'vitest';
import { withImportModule } from '../../build/import-module.ts';

it('imports in a bundle go through a function', () => {
  expect(withImportModule('a=import("b");c=init_import();import("d")', 2)).toBe(
    'a=importModule("b");c=init_import();importModule("d")',
  );
});

it.each([
  ['a text that looks like an import', `import("a");b='write import("c")'`],
  ['an import of a variable', 'import("a");b=(name)=>import(name)'],
  ['an import in a template', 'import("a");b=`import("c")`'],
])('a bundle with %s is refused', (_, code) => {
  expect(() => withImportModule(code, 1)).toThrow('Of 2 "import(" in the bundle 1 are imports');
});
