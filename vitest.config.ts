import { defineConfig } from 'vitest/config'

const report = process.env['YUANQIAO_TEST_REPORT']

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/run.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Many files wait for timers and processes; three at a time keep two cores busy.
    maxWorkers: 3,
    // Files share nothing but modules, and those (PGlite's code above all) need not be loaded a hundred times.
    isolate: false,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
})
