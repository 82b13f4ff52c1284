import { expect, test } from 'vitest'
import { deskCommandIn } from '../../bot/handoff/desk/commands.ts'

test.each([
  ...[
    '/note(内部)底价',
    '/note-底价',
    '/note1 底价',
    '//note 底价',
    '/备注底价',
    '、note 底价',
    '/note.底价',
    '/note；底价',
    '/note!底价',
  ],
  ...[
    '/note=底价',
    '/note"底价',
    '/note/底价',
    '\\note 底价',
    '＼备注：底价',
    ' ／ＮＯＴＥ底价',
    '/Note@park_bot 底价',
    '、、备注——底价',
  ],
])('“%s” stays inside, as a note', (text) => {
  expect(deskCommandIn(text)).toMatchObject({ name: 'note', rest: expect.stringMatching(/^\S*\s?底价/) })
})

test.each([
  ['/claim', 'claim'],
  ['、transfer 王工', 'transfer'],
  ['\\close', 'close'],
  ['/notes 底价', 'notes'],
  ['/noted底价', 'noted'],
  ['/底价80万', ''],
  ['/etc/passwd', ''],
])('“%s” goes to nobody else', (text, name) => {
  expect(deskCommandIn(text)?.name).toBe(name)
})

test.each(['/5 折', '1/2', '水量/温度都要', '可以、没问题', 'note 见附件', '备注栏请填公司名称', '路径是 /etc/passwd', '/', ''])(
  '“%s” is for the enterprise',
  (text) => {
    expect(deskCommandIn(text)).toBeNull()
  },
)
