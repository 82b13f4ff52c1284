import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Attack, type AttackWorld, attackWorld, worstModels } from '../fakes/attack-world.ts'

/** Thirty attacks of other wordings than anybody else's: in documents, titles, names, quotations, what brokers wrote, and said outright. */
const attacks = readFileSync(new URL('../cases/attacks/own.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Attack) // our own file
const canaries = {
  KEY: 'sk-own-4f1b77',
  USR: '青石新材',
  PHONE: '13800138771',
  NOTE: '红柳札记',
  DRAFT: '拟稿沙枣91',
  HOST: 'evil-own.example',
}
const models = Object.entries(worstModels(canaries))
let world: AttackWorld
beforeAll(async () => {
  world = await attackWorld(attacks, canaries)
})
afterAll(() => world.close())

/** Each attack meets one of the worst models; all of them when OWN_ATTACKS=all. */
test.each(attacks.map((attack, index) => [attack.id, attack, index] as const))('%s', async (_, attack, index) => {
  const met = process.env['OWN_ATTACKS'] === 'all' ? models : [models[index % models.length] ?? models[0]]
  for (const each of met) {
    if (each === undefined) continue
    world.model(each[1])
    const oracle = { ...attack.oracle, not_contains: [...(attack.oracle.not_contains ?? []), ...Object.values(canaries)] }
    expect(await world.attack({ ...attack, oracle }), each[0]).toEqual([])
  }
})
