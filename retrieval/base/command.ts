import { type ParseArgsConfig, parseArgs } from 'node:util'
import { AppError, chineseOf, codeOf, hintInBoth, toError } from './errors.ts'
import { machineTrouble } from './machine.ts'

/** The last catch of every command: what happened in Chinese and English and a hint on stderr, exit 1; wrong usage exits 2. */
export function fail(thrown: unknown): never {
  const error = machineTrouble(thrown) ?? thrown
  const known = error instanceof AppError
  if (known && error.code === 'help') {
    process.stdout.write(`${error.message}\n`)
    process.exit(0)
  }
  const chinese = known ? chineseOf(error.code) : null
  if (chinese !== null) process.stderr.write(`${chinese}\n`)
  process.stderr.write(`${known ? error.message : `Unexpected error: ${toError(error).stack ?? toError(error).message}`}\n`)
  if (known && error.hint !== undefined) process.stderr.write(`→ ${hintInBoth(error.hint)}\n`)
  process.exit(known && error.code === 'usage' ? 2 : 1)
}

/** @returns an error that ends a command with exit code 2 and shows how it is used */
export function usage(message: string, how: string): AppError {
  return new AppError('usage', message, { hint: how })
}

/**
 * Parses the arguments of a command.
 * @throws AppError `usage` for an argument that `config` does not know, `help` when help was asked for (not a failure)
 */
export function parsed<Config extends ParseArgsConfig>(config: Config, how: string): ReturnType<typeof parseArgs<Config>> {
  helped(how)
  try {
    return parseArgs(config)
  } catch (error) {
    throw usage(inBoth(error), how)
  }
}

const unparsed = new Map([
  ['ERR_PARSE_ARGS_UNKNOWN_OPTION', '没有这个选项'],
  ['ERR_PARSE_ARGS_INVALID_OPTION_VALUE', '选项的值不对或没有写'],
  ['ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL', '多写了一个词'],
])

function inBoth(error: unknown): string {
  const chinese = unparsed.get(codeOf(error))
  return chinese === undefined ? toError(error).message : `${chinese} · ${toError(error).message}`
}

/** Every command begins with it. @throws AppError `help` where help was asked for */
export function helped(how: string): void {
  // `… | head` closes the pipe early: that is no failure.
  process.stdout.once('error', (error) => process.exit(codeOf(error) === 'EPIPE' ? 0 : 1))
  if (process.argv.slice(2).some((each) => each === '--help' || each === '-h')) throw new AppError('help', how)
}
