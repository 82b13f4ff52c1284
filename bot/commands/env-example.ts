import { writeFileSync } from 'node:fs'
import { envExample } from './settings-list.ts'

/** Writes .env.example from the settings themselves. */
writeFileSync('.env.example', envExample())
