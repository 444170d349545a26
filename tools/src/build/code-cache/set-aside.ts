/**
 * V8 rejects cached code that was made under other flags, including that of Node's own modules, and
 * Function Compute starts Node with a heap limit for each memory size. These flags take effect when Node
 * starts and do not change compiled code, so they are set to their defaults while a bundle or one of Node's
 * modules loads. With any other flag V8 rejects the cache and compiles as usual.
 */
export const SET_ASIDE: readonly (readonly [RegExp, string])[] = [
  [/^--max[-_]old[-_]space[-_]size=\d+$/, '--max-old-space-size=0'],
  [/^--expose[-_]gc$/, '--no-expose-gc'],
];
