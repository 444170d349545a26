import { expect, it } from 'vitest';
import { environment } from '#src/context/environment';

it('returns the named variables', () => {
  expect(environment(['A', 'B'], { A: '1', B: '2', C: '3' })).toEqual({ A: '1', B: '2' });
});

it('names every missing or blank one and where to set it', () => {
  expect(() => environment(['A', 'B', 'C'], { A: '1', B: ' ' })).toThrow(
    /^Environment lacks B, C: set it under the function's environmentVariables in s\.yaml$/,
  );
});
