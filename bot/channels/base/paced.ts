import { ChannelError, type Stream } from '../channel.ts'

/** Where a preview is shown. */
export type Writer = { show(text: string): Promise<void>; end(): Promise<string | null> }

/**
 * One call at a time, at most one per `everyMs`; texts in between are skipped. When the platform asks to wait, nothing is shown until then.
 */
export function paced(everyMs: number, writer: Writer): Stream {
  let latest = ''
  let shown = ''
  let next = 0
  let busy: Promise<void> | null = null
  let over = false

  async function work(): Promise<void> {
    while (!over && latest !== shown) {
      const wait = next - Date.now()
      if (wait > 0) {
        await new Promise((resolve) => setTimeout(resolve, Math.min(wait, 200)))
        continue
      }
      const text = latest
      next = Date.now() + everyMs
      shown = text
      await writer.show(text).catch((error: unknown) => {
        // A preview nobody saw is no loss: the reply itself is still to come.
        next = Date.now() + Math.max(everyMs, (error instanceof ChannelError ? error.retryAfterMs : undefined) ?? 0)
      })
    }
    busy = null
  }

  return {
    show(text) {
      if (over || text.trim() === '') return
      latest = text
      busy ??= work()
    },
    async end() {
      over = true
      await busy
      return writer.end().catch(() => null)
    },
  }
}
