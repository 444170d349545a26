import type { Reporter, TestModule } from 'vitest/node';

/** Closes a run with one plain line: how many tests passed, failed and were skipped. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules)
      for (const test of module.children.allTests()) count[test.result().state]++;
    // A file that could not be loaded has no tests to count, but is a failure all the same.
    const broken = modules.filter(
      (module) => module.state() === 'failed' && module.errors().length > 0,
    );
    console.log(
      `${count.passed} passed, ${count.failed + count.pending + broken.length} failed, ${count.skipped} skipped`,
    );
  }
}
