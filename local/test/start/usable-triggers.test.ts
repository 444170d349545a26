import { describe, expect, it } from 'vitest';
import { LocalCloudError } from '#src/errors';
import { withUsableTriggers } from '#src/start/usable-triggers';
import { LOOKUP, RS256 } from '#test/fc/triggers/jwt';
import { oneFunction, readFiles } from '#test/project/project-folder';

describe('a trigger whose authConfig cannot be used', () => {
  const BOTH = {
    jwks: { keys: [RS256.jwk] },
    tokenLookup: LOOKUP,
    whitelist: ['/a'],
    blacklist: ['/b'],
  };
  const triggers = (authConfig: unknown) => `triggers:
  - triggerName: web
    triggerType: http
    triggerConfig: { authType: jwt, methods: [GET], authConfig: ${JSON.stringify(authConfig)} }
  - triggerName: tick
    triggerType: timer
    triggerConfig: { cronExpression: '@every 1m', enable: true }`;

  it.each([
    [BOTH, 'cannot be used: it has both a whitelist and a blacklist', 'leave one of them out'],
    [JSON.stringify(BOTH), 'it has both a whitelist and a blacklist', 'leave one of them out'],
    [{ jwks: { keys: [] } }, 'tokenLookup is missing', 'say where the token is'],
    [{ ...BOTH, blacklist: undefined, jwks: 'x' }, 'jwks is a text that is no JSON', 'JSON of one'],
    [{ ...BOTH, blacklist: '/b', whitelist: undefined }, 'no list of paths', 'write a list of'],
    ['{', 'is "{"', 'JSON of one in a text'],
  ])('%# is left out by itself, with what to do', async (authConfig, reason, remedy) => {
    const project = await readFiles(oneFunction(triggers(authConfig)));
    const { functions, leftOut } = withUsableTriggers(project, false);
    expect(functions.map((fn) => fn.triggers.map(({ name }) => name))).toEqual([['tick']]);
    expect(leftOut).toEqual([
      {
        what: 'Trigger "web" of "one"',
        resource: 'one',
        source: expect.stringMatching(/^s\.yaml:\d+$/),
        reason: expect.stringContaining(reason),
        remedy: expect.stringContaining(remedy),
      },
    ]);
  });

  it('is an error where it is strict', async () => {
    const project = await readFiles(oneFunction(triggers(BOTH)));
    expect(() => withUsableTriggers(project, true)).toThrow(LocalCloudError);
  });
});
