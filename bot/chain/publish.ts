import type { ClientBase } from 'pg'
import type { Texts } from '../../prompts/load.ts'
import { declaredFacts } from '../handoff/packet/facts.ts'
import type { Demand } from '../records/demands.ts'
import type { Messages } from '../records/messages.ts'
import type { Publishing } from './orders/orders.ts'
import { confidentialIn, leaksIn, openTellTales, publicLines, tellTalesOf } from './public.ts'

export type Draft =
  | { readonly code: 'ok'; readonly text: string }
  /** What would tell who asks, or was marked confidential. */
  | { readonly code: 'leaks'; readonly words: readonly string[] }
  /** Nothing is left that can be published: somebody has to write it. */
  | { readonly code: 'needs_text' }
  | { readonly code: 'asked_anonymous' }

const linesRead = 500

/** The words under which a demand would be published, checked against everything that is known of who asks. */
export async function publicDraft(
  tx: ClientBase,
  needs: { readonly messages: Pick<Messages, 'of'>; readonly texts: Texts },
  demand: Demand,
  publishing: Pick<Publishing, 'form' | 'text'>,
): Promise<Draft> {
  const { form, text } = publishing
  if (form === 'open' && demand.anonymous) return { code: 'asked_anonymous' }
  const { lines, heard } = await saidBy(tx, needs.messages, demand)
  const confidential = [...demand.confidential, ...lines.flatMap(confidentialIn)]
  const tellTales = form === 'open' ? openTellTales({ confidential }) : tellTalesOf({ ...demand, confidential, lines, heard })
  if (text !== null) {
    const words = leaksIn(text, tellTales)
    return words.length > 0 ? { code: 'leaks', words } : { code: 'ok', text }
  }
  const open = publicLines(demand, tellTales, form)
  if (open.length === 0) return { code: 'needs_text' }
  const { texts } = needs
  const told = open.map(({ field, value }) =>
    field === 'need' ? value : texts('demand_field', { field: texts(`point_${field}`), value: value.replace(named, '') }),
  )
  const name = form === 'open' ? nameOf(demand, lines) : null
  const all = [...told, ...(name === null ? [] : [texts('demand_by', { name })])].join('\n')
  const words = leaksIn(all, tellTales)
  return words.length > 0 ? { code: 'leaks', words } : { code: 'ok', text: all }
}

/** 预算80万 stands behind its own name already. */
const named = /^(?:预算|经费)(?:是|为|大概|大约|约)*\s*[:：]?\s*/u

async function saidBy(
  tx: ClientBase,
  messages: Pick<Messages, 'of'>,
  demand: Demand,
): Promise<{ readonly lines: string[]; readonly heard: string[] }> {
  const all = demand.conversation === null ? [] : await messages.of(demand.conversation, linesRead, '0', tx)
  const by = (...authors: readonly string[]) => all.filter((line) => authors.includes(line.author)).map((line) => line.text)
  return { lines: [...by('person'), ...demand.need.split('\n')], heard: by('broker', 'note') }
}

function nameOf({ enterprise }: Demand, lines: readonly string[]): string | null {
  return enterprise ?? declaredFacts(lines).find((fact) => fact.name === '企业名称')?.value ?? null
}
