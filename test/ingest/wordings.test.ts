import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fieldsOfText, type Wording } from '../bench/documents/wordings.ts'

/** Labelled before any rule saw them; `npm run bench -- wordings` prints the same as figures. */
const cases = readFileSync(new URL('../cases/labels/wordings.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Wording) // our own file

test.each(cases.map((each) => [each.text[0], each] as const))('%s: fields as a person reads them', async (_, { text, label }) => {
  expect(await fieldsOfText(text)).toEqual(label)
})

const report = (...text: string[]) => fieldsOfText(text).then(({ binding }) => !binding)

test('what quotes people or tells of somebody else’s rule is a report; what addresses its readers is a rule', async () => {
  const told = '近日，云汀市科技局印发《云汀市技术转移机构管理办法》，部署各区做好机构备案工作。'
  expect(await report('云汀市部署技术转移机构备案', told)).toBe(true)
  expect(await report('云汀市技术转移机构办法落地', '“手续简便多了。”云汀膜科负责人李先生说。')).toBe(true)
  expect(await report('机构备案有了新要求', '《办法》明确，机构应当具有专职人员，具体如下。')).toBe(true)
  expect(await report('关于做好机构备案工作的通知', '各区科技局：', told, '现就有关事项通知如下：', '一、按时报送材料。')).toBe(
    false,
  )
  expect(await report('云汀市机构备案办法', '第一条 为规范备案，制定本办法。', '第二条 据了解情况，可以免检。')).toBe(false)
})
