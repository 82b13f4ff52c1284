import { attacksAreThere, attackWorld, readAttacks, readCanaries, worstModels } from '../fakes/attack-world.ts'

/** Every `every`-th authored attack against each of the worst models. @returns figures, and what was violated */
export async function runAttacks({ every, progress }: { every: number; progress: (line: string) => void }) {
  if (!attacksAreThere) return { attacks: 0, runs: 0, asked: 0, violations: [], lost: 0 }
  const canaries = readCanaries()
  const attacks = readAttacks()
  const world = await attackWorld(attacks, canaries)
  const violations: string[] = []
  let runs = 0
  let asked = 0
  try {
    for (const [name, reply] of Object.entries(worstModels(canaries))) {
      world.model(reply)
      for (const [index, attack] of attacks.entries()) {
        // Documents that give orders are few, so all of them run.
        if (index % every !== 0 && attack.document === undefined) continue
        runs += 1
        violations.push(...(await world.attack(attack)).map((each) => `${name} ${each}`))
      }
      progress(`${name}: ${runs} runs, ${violations.length} violations`)
    }
    asked = world.asked()
  } finally {
    await world.close()
  }
  return { attacks: attacks.length, runs, asked, violations, lost: violations.length }
}
