import type { Signal } from './signal.ts'
import { vector } from './vector.ts'
import { words } from './words.ts'

/** Add a signal: write one file beside this one, name it here, and weigh it in fuse.ts. */
export const signals: readonly Signal[] = [words, vector]
