import { beforeAll, describe, expect, it } from 'vitest';
import { anonymousNotes } from '#src/deploy/anonymous';
import { type ProjectView, viewProject } from '#src/project/view';
import { ROOT } from '#test/repository';
import { changesOf, type Fault } from './changes.ts';

let view: ProjectView;
beforeAll(async () => {
  view = await viewProject(ROOT);
});

const { said, withFunction } = changesOf(() => view);

describe('a reviewer notices', () => {
  it.each<Fault>([
    [
      'a timeout over the visibility',
      'queues',
      () => withFunction('queue-consumer', { timeout: 91 }),
      /^s\.yaml:\d+: "queue-consumer" may run for 91 seconds, .* come back after 90: raise/,
    ],
    [
      'no dead-letter queue',
      'queues',
      () => ({
        project: {
          ...view.project,
          queues: view.project.queues.map(({ deadLetter: _, ...queue }) => queue),
        },
      }),
      /^infra\/template\.yaml:\d+: "queue-consumer" consumes .*-orders, which has no dead-letter queue/,
    ],
    [
      'eventbridge not last',
      'triggers',
      () =>
        withFunction('queue-event-consumer', {
          triggers: view.project.functions
            .flatMap(({ triggers }) => triggers)
            .filter(({ type }) => type === 'eventbridge' || type === 'timer')
            .toSorted((a, b) => a.type.localeCompare(b.type)),
        }),
      /^s\.yaml:\d+: trigger "[\w-]+" of "queue-event-consumer" comes after one of type eventbridge/,
    ],
    [
      'an oss trigger without a role',
      'triggers',
      () =>
        withFunction('oss-uploader', {
          triggers: [
            {
              type: 'oss',
              name: 't',
              bucket: 'b',
              events: [],
              prefix: '',
              suffix: '',
              source: 's.yaml:1',
            },
          ],
        }),
      /^s\.yaml:1: trigger "t" of "oss-uploader" has no invocationRole/,
    ],
    [
      'a tag too long',
      'triggers',
      () => ({
        project: {
          ...view.project,
          subscriptions: [{ name: 's', topic: 't', endpoint: 'e', filterTag: 'x'.repeat(17) }],
        },
      }),
      /the tag of subscription s has 17 characters: give 16 at most/,
    ],
  ])('%s', (_what, rule, change, message) => {
    expect(said(rule)).toEqual([]);
    expect(said(rule, change())).toContainEqual(expect.stringMatching(message));
  });
});

it('an HTTP trigger that lets anyone in is named, but not as a fault', async () => {
  expect(anonymousNotes(view.project)).toEqual([]);
  const [open] = view.project.functions.flatMap(({ triggers }) =>
    triggers.flatMap((one) =>
      one.type === 'http' ? [{ ...one, authType: 'anonymous' as const }] : [],
    ),
  );
  const changed = withFunction('topic-publisher', { triggers: open ? [open] : [] });
  expect(anonymousNotes(changed.project)).toEqual([
    expect.stringMatching(
      /^s\.yaml:\d+: topic-publisher\/http lets in anyone who knows its address: authType function/,
    ),
  ]);
});
