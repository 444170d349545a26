import type { FunctionSpec } from 'fc-local/project';
import { placeOf } from '../../project/places.ts';
import type { ProjectView } from '../../project/view.ts';
import { builtFunctions, codeFolder } from '../built-functions.ts';
import type { Finding } from '../finding.ts';

/** Requires that what s.yaml names exists after the build: folder, file and export. */
export function handlers(view: ProjectView): Finding[] {
  return builtFunctions(view).flatMap((fn) => {
    const code = codeFolder(fn, view.root);
    if (code !== `dist/${fn.resource}`)
      return [
        {
          source: placeOf(view, fn, 'code'),
          problem: `Function "${fn.resource}" is deployed from ${code}`,
          remedy: `write code: ./dist/${fn.resource}, where the build puts it`,
        },
      ];
    return named(fn).flatMap(({ handler, path }) => {
      const [file, name = ''] = handler.split('.');
      const source = placeOf(view, fn, ...path);
      if (!view.exists(`${code}/${file}.js`))
        return [
          {
            source,
            problem: `${path.join('.')} is "${handler}", and there is no ${code}/${file}.js`,
            remedy: `fc-templates build ${fn.resource}`,
          },
        ];
      const index = `functions/${fn.resource}/index.ts`;
      if (new RegExp(`^export .*\\b${name}\\b`, 'm').test(view.read(index))) return [];
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
