import type { Row, Sheet } from './rows.ts'

/** Running heads and page numbers stand in the outer ninth of a page. */
const margin = 0.11
const pageNumber =
  /^[-—–－·\s]*(?:第\s*)?(?:\d{1,4}|[ivxlc]{1,6}|[一二三四五六七八九十]{1,3})(?:\s*页)?(?:[\s,，]*[/／]?\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–－·\s]*$/i

/** @returns the rows of each page without running heads and page numbers */
export function withoutFurniture(pages: readonly (readonly Row[])[], sheets: readonly Sheet[]): Row[][] {
  const running = runningHeads(pages, sheets)
  return pages.map((page, index) => page.filter((row) => !isFurniture(row, sheets[index], running)))
}

/** The same words at the edge of two pages in five or more: left and right pages may have different heads. */
function runningHeads(pages: readonly (readonly Row[])[], sheets: readonly Sheet[]): ReadonlySet<string> {
  const seen = new Map<string, number>()
  for (const [index, page] of pages.entries()) {
    for (const text of new Set(page.filter((row) => atEdge(row, sheets[index])).map((row) => bare(row.text))))
      seen.set(text, (seen.get(text) ?? 0) + 1)
  }
  const enough = Math.max(2, pages.length * 0.4)
  return new Set([...seen].filter(([, count]) => pages.length >= 2 && count >= enough).map(([text]) => text))
}

function bare(text: string): string {
  return text.replace(/\d+/g, '').replace(/\s/g, '')
}

function atEdge(row: Row, sheet: Sheet | undefined): boolean {
  return sheet !== undefined && (row.y > sheet.height * (1 - margin) || row.y < sheet.height * margin)
}

function isFurniture(row: Row, sheet: Sheet | undefined, running: ReadonlySet<string>): boolean {
  return atEdge(row, sheet) && (pageNumber.test(row.text) || running.has(bare(row.text)))
}
