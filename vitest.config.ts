import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const report = process.env['YUANQIAO_TEST_REPORT']

/** What drives processes and browsers takes longest, whatever the size of its file: begun last, it would keep one core waiting for it. */
const long =
  /\/(?:desk\/desk|retrieval\/embedded|journeys\/(?:terminal|killed|kf|attacks|chat-page)|ingest\/(?:killed|dies-alone))\.test\.ts$/

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter((each) => long.test(each.moduleId)), ...sorted.filter((each) => !long.test(each.moduleId))]
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/run.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One second, the default, passes easily on a machine that does other things too.
    expect: { poll: { timeout: 30_000 } },
    // Many files wait for timers and processes; four at a time keep two cores busy (141 s instead of 156 with three).
    maxWorkers: 4,
    // Files share nothing but modules, and those (PGlite's code above all) need not be loaded a hundred times.
    isolate: false,
    sequence: { sequencer: LongFirst },
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
