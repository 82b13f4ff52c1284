// LangChain's own loaders and splitter. stdin: JSON {paths, passes}; stdout: JSON {seconds, cpu, files: [{path, chunks, error}]}.
// Files are loaded once before the clock runs, so that both sides are measured warm.
import { DocxLoader } from '@langchain/community/document_loaders/fs/docx'
import { PDFLoader } from '@langchain/community/document_loaders/fs/pdf'
import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters'

let input = ''
for await (const chunk of process.stdin) input += chunk
const { paths, passes } = JSON.parse(input)
const splitter = new RecursiveCharacterTextSplitter({ chunkSize: 500, chunkOverlap: 0 })

async function read(path) {
  const loader = path.endsWith('.pdf') ? new PDFLoader(path) : new DocxLoader(path)
  return (await splitter.splitDocuments(await loader.load())).map((each) => each.pageContent)
}

async function tryRead(path) {
  try {
    return { path, chunks: await read(path), error: null }
  } catch (error) {
    return { path, chunks: [], error: String(error).slice(0, 200) }
  }
}

for (const path of paths) await tryRead(path)
const started = performance.now()
const before = process.cpuUsage()
let files = []
for (let pass = 0; pass < passes; pass += 1) {
  files = []
  for (const path of paths) files.push(await tryRead(path))
}
const { user, system } = process.cpuUsage(before)
const figures = { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6, files }
process.stdout.write(JSON.stringify(figures), () => process.exit(0))
