import { Document } from '@langchain/core/documents'
import { BaseRetriever, type BaseRetrieverInput } from '@langchain/core/retrievers'
import { dayInChina } from '../../retrieval/base/clock.ts'
import type { Evidence, SearchRequest } from '../../retrieval/evidence.ts'
import type { Library } from '../../retrieval/library.ts'

export type RetrieverOptions = BaseRetrieverInput & {
  readonly library: Pick<Library, 'search' | 'regions'>
  /** Passages returned, best first; default 5. */
  readonly k?: number
  /** Changes to the default search: another day, other kinds, everything instead of what is in force. */
  readonly request?: Partial<Omit<SearchRequest, 'text'>>
  readonly clock?: () => Date
}

/**
 * Our search as a LangChain retriever: what is in force today in the park's region, public, best first. Each document carries what is
 * needed to cite it, with its status and scores.
 * ```ts
 * const retriever = new YuanqiaoRetriever({ library: park.library, k: 5 })
 * const documents = await retriever.invoke('小微企业技术合同登记最多奖多少？')
 * ```
 */
export class YuanqiaoRetriever extends BaseRetriever {
  override lc_namespace = ['yuanqiao', 'retrievers']
  readonly #options: RetrieverOptions

  static override lc_name(): string {
    return 'YuanqiaoRetriever'
  }

  constructor(options: RetrieverOptions) {
    super(options)
    this.#options = options
  }

  override async _getRelevantDocuments(text: string): Promise<Document[]> {
    const { library, k = 5, request = {}, clock = () => new Date() } = this.#options
    const usual = { asOf: dayInChina(clock()), regions: library.regions, visibility: 1, validity: 'in_force' } as const
    const { evidence } = await library.search({ ...usual, ...request, text })
    return evidence.slice(0, k).map(documentOf)
  }
}

function documentOf({ passage, score, signals }: Evidence): Document {
  const { id, text, fields, ...about } = passage
  return new Document({ id, pageContent: text, metadata: { ...about, score, signals } })
}
