/**
 * For Node processes that a test starts and ends within seconds: one with an embedded database would spend a third of its processor time
 * on optimising WebAssembly that it hardly runs.
 */
export const briefly: readonly string[] = ['--liftoff-only']
