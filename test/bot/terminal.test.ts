import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { terminalChannel } from '../../bot/channels/terminal.ts'
import { loadTexts } from '../../prompts/load.ts'

test('whoever starts it at a terminal reads where the desk is and how to get in; whoever pipes questions reads answers alone', async () => {
  const texts = loadTexts()
  for (const isTTY of [true, false]) {
    const input = Object.assign(new PassThrough(), { isTTY })
    const output = new PassThrough({ encoding: 'utf8' })
    const greeting = () => texts.zh('terminal', { url: 'http://127.0.0.1:8080/' })
    const channel = terminalChannel({ input, output, settled: async () => undefined, greeting })
    await channel.start(async () => undefined)
    input.end()
    await channel.ended
    const said = String(output.read() ?? '')
    if (isTTY) expect(said).toMatch(/工作台：http:\/\/127\.0\.0\.1:8080\/[\s\S]*people -- link/)
    else expect(said).toBe('')
  }
})
