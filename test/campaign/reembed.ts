import { silentLog } from '../../retrieval/base/log.ts'
import { openTestDatabase } from '../fakes/database.ts'
import { embeddingServer } from '../fakes/embedding-server.ts'
import { openTestLibrary, policy } from '../fakes/library.ts'

export type ReembedFigures = {
  readonly documents: number
  readonly changed: number
  /** Texts the second run sent to the embedding service. */
  readonly embedded: number
  /** Texts of unchanged documents among them: must be none. */
  readonly lost: number
}

/** Many documents, a few changed, all ingested again: only the changed ones may be embedded anew. */
export async function runReembed(options: { readonly documents: number; readonly changed: number }): Promise<ReembedFigures> {
  const server = await embeddingServer()
  const database = await openTestDatabase()
  const library = await openTestLibrary({ OPENAI_BASE_URL: server.url, EMBEDDING_MODEL: 'm' }, database, silentLog)
  const put = async (changed: number) => {
    for (let index = 0; index < options.documents; index += 1) {
      const cap = index < changed ? '三十万元' : '二十万元'
      await library.documents.replace(
        policy(`办法${index}`, {
          sha256: `${index}${cap}`,
          passages: [`第${index}类项目最高${cap}。`, `第${index}类项目的材料。`],
        }),
      )
    }
  }
  try {
    await put(0)
    await library.vectors.build()
    const before = server.requests.length
    await put(options.changed)
    await library.vectors.build()
    const texts = server.requests.slice(before).flatMap((each) => each.input)
    const foreign = texts.filter(
      (text) =>
        !Array.from({ length: options.changed }, (_, index) => `办法${index}`).some((title) => text.startsWith(`${title}\n`)),
    )
    return { ...options, embedded: texts.length, lost: foreign.length + (texts.length === options.changed * 2 ? 0 : 1) }
  } finally {
    await library.close()
    await database.close()
    await server.close()
  }
}
