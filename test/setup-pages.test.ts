import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settingsList } from '../bot/commands/settings-list.ts'

const folders = ['../bot/channels/wecom/', '../bot/channels/telegram/'].map((each) => new URL(each, import.meta.url))
const pages = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /^setup.*\.md$/.test(name))
    .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') })),
)
const settings = new Set(settingsList().flatMap((part) => part.settings.map((each) => each.name)))

test('there is a page for each door, in both languages', () => {
  expect(pages.map((each) => each.name).sort()).toEqual(
    ['setup', 'setup-aibot', 'setup-app', 'setup-kf'].flatMap((name) => [`${name}.md`, `${name}.zh-CN.md`]).sort(),
  )
})

test('every setting they name exists', () => {
  const unknown = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/\b(?:WECOM|TELEGRAM|PUBLIC)_[A-Z_]+\b/g)]
      .map((match) => match[0])
      .filter((each) => !settings.has(each))
      .map((each) => `${name}: ${each}`),
  )
  expect(unknown).toEqual([])
})

test('both languages name the same settings, codes and commands, in the same order', () => {
  const told = (text: string) =>
    [...text.matchAll(/`([a-z0-9_]{4,}|npm [^`]+|[A-Z_]{6,}=?[^`]*)`/g)].map((match) => match[1]?.split('=')[0])
  for (const { name, text } of pages.filter((each) => !each.name.includes('zh-CN'))) {
    const chinese = pages.find((each) => each.name === name.replace('.md', '.zh-CN.md'))
    expect([name, told(chinese?.text ?? '').sort()]).toEqual([name, told(text).sort()])
  }
})
