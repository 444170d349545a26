import { describe, expect, it } from 'vitest';
import { added } from '#src/parts/add';
import { catalogAs } from '#src/parts/copy';
import { removed } from '#src/parts/remove';
import { catalog, differing, NAMES, plus, project } from './catalog.ts';

const ALL = project(NAMES);
const TEMPLATE = 'infra/template.yaml';
const rulesOf = (functions: readonly string[]) =>
  (project(functions).get(TEMPLATE) ?? '').match(/(?<=- ID: )[\w-]+/g) ?? [];

describe('removes what one function alone uses, and brings it back', () => {
  it.each([
    ['queue-fleet', 'fleet'],
    ['oss-archiver', 'archives-state'],
  ])('%s: the rule of the bucket for %s/', (name, rule) => {
    const others = NAMES.filter((one) => one !== name);
    expect(rulesOf(NAMES)).toContain(rule);
    expect(rulesOf(others)).not.toContain(rule);
    expect(rulesOf(others)).toContain('claims');
    expect(rulesOf([name])).toContain(rule);
    expect(differing(ALL, plus(project(others), name))).toEqual([]);
  });

  it('queue-fleet: the document that its page links to', () => {
    expect(ALL.has('docs/fleet.md')).toBe(true);
    const without = removed(ALL, ['queue-fleet']);
    expect(without.has('docs/fleet.md')).toBe(false);
    expect(plus(without, 'queue-fleet').get('docs/fleet.md')).toBe(ALL.get('docs/fleet.md'));
    expect(catalog.has('docs/credentials.md')).toBe(false);
  });

  it('a document that another file names too stays', () => {
    const files = new Map([...ALL, ['docs/queues.md', 'See [the fleet](fleet.md).']]);
    expect(removed(files, ['queue-fleet']).has('docs/fleet.md')).toBe(true);
  });
});

describe('env.yaml', () => {
  const overlay = `          timeout: 90   # longer there\n`;
  const written = (name: string) =>
    (ALL.get('env.yaml') ?? '').replace(
      '      resources:\n        infra:\n',
      `      resources:\n        # More.\n        ${name}:\n${overlay}        infra:\n`,
    );

  it('loses the overlays of a removed function, and nothing else', () => {
    const files = new Map([...ALL, ['env.yaml', written('queue-fleet')]]);
    expect(files.get('env.yaml')).not.toBe(ALL.get('env.yaml'));
    const left = removed(files, ['queue-fleet']).get('env.yaml');
    expect(left).toBe(ALL.get('env.yaml'));
  });

  it('gets the templates’ overlays of an added function', () => {
    const ours = new Map([...catalog, ['env.yaml', written('queue-fleet')]]);
    const without = removed(ours, ['queue-fleet']);
    expect(without.get('env.yaml')).not.toContain('longer there');
    const { files } = added(without, ours, 'queue-fleet');
    expect(files.get('env.yaml')).toBe(ours.get('env.yaml'));
    const copy = added(without, catalogAs(ours, 'queue-fleet', 'my-fleet'), 'my-fleet').files;
    expect(copy.get('env.yaml')).toBe(written('my-fleet'));
  });
});
