import { type Judging, judgingWith } from '../../bot/calibrate/live.ts'

/**
 * The shipped judgement with a low threshold, for tests of what happens to an answer. The threshold itself is fitted and tested elsewhere.
 */
export const lenient = async (): Promise<Judging> => {
  const { judge, weights } = judgingWith(null, 0.05)
  return { threshold, judge: (input) => ({ ...judge(input), threshold }), weights }
}
const threshold = 0.15
