import type { Evidence, Passage, QueryTerm } from '../../retrieval/evidence.ts'
import { questionTermsOf } from '../../retrieval/text/terms.ts'

/** One clause of a made-up rule as search would return it, with a score that every signal agrees with. */
export function evidence(text: string, change: Partial<Passage> = {}, score = 1): Evidence {
  const passage: Passage = {
    id: text.slice(0, 8),
    documentId: 'd',
    kind: 'policy',
    title: '云汀科技园技术合同认定登记奖励办法',
    docNo: '云园管〔2025〕3号',
    genre: '办法',
    clause: '第六条',
    heading: null,
    text,
    position: 0,
    status: 'effective',
    issuedOn: '2025-03-18',
    effectiveFrom: '2025-04-01',
    effectiveTo: '2028-03-31',
    regions: ['云汀科技园'],
    source: 'a.docx',
    fields: {},
    ...change,
  }
  return { passage, score, signals: { words: score * 20 } }
}

/** The terms of a question as if each stood in one document: the longer, the rarer. */
export function rareTerms(question: string): QueryTerm[] {
  return [...new Set(questionTermsOf(question))].map((term) => ({ term, idf: [...term].length, documents: 1 }))
}
