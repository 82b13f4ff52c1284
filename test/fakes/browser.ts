import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** The one without a window takes a quarter less of the processor for the same tests. */
const executablePath = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) => existsSync(path))
export const hasBrowser = executablePath !== undefined

/** Debian's Chromium with all background activity switched off. */
export function openBrowser(): Promise<Browser> {
  const quiet = [
    '--no-sandbox',
    '--disable-gpu',
    '--in-process-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-sync',
  ]
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...quiet, '--disable-component-update'],
  })
}

/** A page with everything it complained of: dialogs, errors, and policy violations. */
export type WatchedPage = { readonly page: Page; readonly context: BrowserContext; readonly problems: string[] }

export async function openPage(
  browser: Browser,
  options: { width?: number; locale?: string; context?: BrowserContext } = {},
): Promise<WatchedPage> {
  const { width = 1280, locale = 'zh-CN' } = options
  const size = { width, height: width < 600 ? 844 : 860 }
  const context = options.context ?? (await browser.newContext({ viewport: size, locale }))
  const page = await context.newPage()
  await page.setViewportSize(size)
  const problems: string[] = []
  page.on('dialog', (dialog) => {
    problems.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  // A refusal the page has words for is logged by the browser too; everything else is a problem.
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective))`,
  )
  return { page, context, problems }
}
