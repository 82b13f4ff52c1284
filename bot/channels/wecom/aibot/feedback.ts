import { list } from '../../base/loose.ts'
import type { ChannelState } from '../../channel.ts'

const mostKept = 400

/** Which answer a preview became: the preview's id was shown before the answer had one. The last few hundred are kept. */
export function feedbackKeeper(state: ChannelState) {
  const read = (stored: unknown) =>
    list(stored).flatMap((each) => {
      const [stream, verdict] = list(each)
      return typeof stream === 'string' && typeof verdict === 'string' ? [[stream, verdict] as const] : []
    })
  return {
    keep: (stream: string, verdict: string): Promise<void> =>
      state.change('feedback', (stored) => ({
        value: [...read(stored).filter(([each]) => each !== stream), [stream, verdict]].slice(-mostKept),
        result: undefined,
      })),
    /** @returns the button data that a verdict on this id stands for */
    about: async (id: string): Promise<string> => read(await state.get('feedback')).find(([each]) => each === id)?.[1] ?? id,
  }
}
