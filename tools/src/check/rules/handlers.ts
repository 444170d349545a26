import { relative } from 'node:path';
import type { FunctionSpec } from '../../../../local/src/project/types.ts';
import { type Finding, type House, placeOf } from '../house.ts';

/** What s.yaml names is there after the build: folder, file and export. */
export function handlers(house: House): Finding[] {
  return house.project.functions.flatMap((fn) => {
    const code = relative(house.root, fn.codeDir).replaceAll('\\', '/');
    if (code !== `dist/${fn.resource}`)
      return [
        {
          source: placeOf(house, fn, 'code'),
          problem: `Function "${fn.resource}" is deployed from ${code}`,
          remedy: `write code: ./dist/${fn.resource}, where the build puts it`,
        },
      ];
    return named(fn).flatMap(({ handler, path }) => {
      const [file, name = ''] = handler.split('.');
      const source = placeOf(house, fn, ...path);
      if (!house.exists(`${code}/${file}.js`))
        return [
          {
            source,
            problem: `${path.join('.')} is "${handler}", and there is no ${code}/${file}.js`,
            remedy: `npm run build -- ${fn.resource}`,
          },
        ];
      const index = `functions/${fn.resource}/index.ts`;
      if (new RegExp(`^export .*\\b${name}\\b`, 'm').test(house.read(index))) return [];
      return [
        {
          source,
          problem: `${path.join('.')} is "${handler}", and ${index} exports no ${name}`,
          remedy: `export it, or name what is exported`,
        },
      ];
    });
  });
}

function named({ handler, initializer, preStop }: FunctionSpec) {
  const hook = (name: string) => ['instanceLifecycleConfig', name, 'handler'];
  return [
    { handler, path: ['handler'] },
    ...(initializer ? [{ handler: initializer.handler, path: hook('initializer') }] : []),
    ...(preStop ? [{ handler: preStop.handler, path: hook('preStop') }] : []),
  ];
}
