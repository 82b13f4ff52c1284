import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { hintInBoth } from '../../retrieval/base/errors.ts'
import inChinese from '../../retrieval/base/errors.zh.json' with { type: 'json' }
import hintsInChinese from '../../retrieval/base/hints.zh.json' with { type: 'json' }

/** Never shown to a person who could mend them: they are retried, or answered with a status of HTTP. */
const internal = new Set(
  'help unexpected lease_lost state_moved transaction_lost no_rule kf_cursor_stuck wecom_bad_xml wecom_not_ours'.split(' '),
)

const sources = ['bot', 'ingest', 'retrieval'].flatMap((folder) =>
  readdirSync(new URL(`../../${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), 'utf8')),
)

test('whoever can mend an error reads it in Chinese too, and no sentence is left over', () => {
  const thrown = sources.flatMap((text) =>
    [...text.matchAll(/(?:new (?:App|Format|Embedder)Error|super)\(\s*'([a-z_]+)'/g)].map((match) => match[1] ?? ''),
  )
  const known: Readonly<Record<string, string>> = inChinese
  expect(thrown.length).toBeGreaterThan(50)
  expect([...new Set(thrown)].filter((code) => known[code] === undefined && !internal.has(code))).toEqual([])
  const all = sources.join('\n')
  expect(Object.keys(known).filter((code) => !all.includes(`'${code}'`))).toEqual([])
  expect(Object.values(known).filter((sentence) => !/[^\p{Script=Han}]*\p{Script=Han}/u.test(sentence))).toEqual([])
})

test('what is wrong with a command is said in Chinese first', () => {
  const said = sources.flatMap((text) =>
    [...text.matchAll(/(?:\busage|new Misused)\((?!message|error|inBoth)([^'`]*)(['`])([^\n]*?)\2[,)]/g)].map(
      (match) => match[3] ?? '',
    ),
  )
  expect(said.length).toBeGreaterThan(30)
  expect(said.filter((message) => !/^[^\p{Script=Han}]*\p{Script=Han}.* · /u.test(message))).toEqual([])
})

/** The texts an expression may have: of every branch, `{}` for what is put in; a name stands for what the file gives it. */
function textsIn(node: ts.Node, file: ts.SourceFile): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (ts.isTemplateExpression(node)) return [node.head.text + node.templateSpans.map((each) => `{}${each.literal.text}`).join('')]
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap((each) => textsIn(each, file))
  if (ts.isBinaryExpression(node)) return [node.left, node.right].flatMap((each) => textsIn(each, file))
  if (ts.isObjectLiteralExpression(node))
    return node.properties.flatMap((each) => (ts.isPropertyAssignment(each) ? textsIn(each.initializer, file) : []))
  if (ts.isArrayLiteralExpression(node)) return node.elements.slice(-1).flatMap((each) => textsIn(each, file))
  if (ts.isElementAccessExpression(node) || ts.isParenthesizedExpression(node)) return textsIn(node.expression, file)
  if (!ts.isIdentifier(node)) return []
  const given = every(file, ts.isVariableDeclaration).filter((each) => each.name.getText(file) === node.text)
  return given.flatMap((each) => (each.initializer === undefined ? [] : textsIn(each.initializer, file)))
}

function every<Found extends ts.Node>(file: ts.Node, is: (node: ts.Node) => node is Found): Found[] {
  const found: Found[] = []
  const look = (node: ts.Node): void => {
    if (is(node)) found.push(node)
    ts.forEachChild(node, look)
  }
  look(file)
  return found
}

/** Everything in a file that becomes the hint of an error: as a property, as an argument of that name, or from a list of hints. */
function hintsOf(file: ts.SourceFile, takers: ReadonlyMap<string, number>): string[] {
  const named = every(file, ts.isPropertyAssignment).filter((each) => each.name.getText(file) === 'hint')
  const lists = every(file, ts.isVariableDeclaration).filter((each) => /^(?:hints?|troubles)$/.test(each.name.getText(file)))
  const passed = every(file, ts.isCallExpression).map((each) => each.arguments[takers.get(each.expression.getText(file)) ?? -1])
  return [...[...named, ...lists].map((each) => each.initializer), ...passed].flatMap((each) =>
    each === undefined ? [] : textsIn(each, file),
  )
}

test('what to do about an error is said in Chinese too, wherever a person reads it, and no sentence is left over', () => {
  const files = sources.map((text) => ts.createSourceFile('', text, ts.ScriptTarget.Latest))
  const takers = new Map(
    files.flatMap((file) =>
      [...every(file, ts.isFunctionDeclaration), ...every(file, ts.isVariableDeclaration)].flatMap((each) => {
        const made = ts.isVariableDeclaration(each) ? each.initializer : each
        if (made === undefined || !(ts.isFunctionDeclaration(made) || ts.isArrowFunction(made))) return []
        const at = made.parameters.findIndex((parameter) => parameter.name.getText(file) === 'hint')
        return at < 0 ? [] : [[each.name?.getText(file) ?? '', at] as const]
      }),
    ),
  )
  const said = new Set(files.flatMap((file) => hintsOf(file, takers)).filter((hint) => hint.trim() !== ''))
  const known: Readonly<Record<string, string>> = hintsInChinese
  expect(said.size).toBeGreaterThan(140)
  expect([...said].filter((hint) => known[hint] === undefined && !/\p{Script=Han}.*。/u.test(hint))).toEqual([])
  expect(Object.keys(known).filter((hint) => !said.has(hint))).toEqual([])
  const places = (text: string) => text.split('{}').length
  const unlike = Object.entries(known).filter(([english, chinese]) => places(english) !== places(chinese))
  expect(unlike).toEqual([])
  expect(Object.values(known).filter((chinese) => !/\p{Script=Han}/u.test(chinese))).toEqual([])
})

test('a hint is printed in Chinese and English with what was put in, a command as it is', () => {
  expect(hintInBoth('Check the path.')).toBe('检查路径。 · Check the path.')
  expect(hintInBoth('Fields: title, doc_no.')).toBe('可以写的字段：title, doc_no。 · Fields: title, doc_no.')
  expect(hintInBoth('npm run ask -- "问题"')).toBe('npm run ask -- "问题"')
})
