import type { z } from 'zod'
import { retrievalSettings } from '../../retrieval/settings.ts'
import { channels } from '../channels/index.ts'
import { botSettings } from '../config.ts'
import { modelSettings } from '../models/index.ts'
import { spanSettings } from '../observe/spans.ts'

type Setting = { readonly name: string; readonly description: string; readonly preset: string | null }

/** Every setting the program reads, grouped by the part that reads it; a name read by several parts is listed once. */
export function settingsList(): { title: string; settings: Setting[] }[] {
  const parts: [string, z.ZodObject][] = [
    ['The bot', botSettings],
    ['Database, search and the park', retrievalSettings],
    ['Chat model', modelSettings],
    ['Traces (OpenTelemetry)', spanSettings],
    ...channels.map((channel): [string, z.ZodObject] => [`Channel: ${channel.name}`, channel.settings]),
  ]
  const seen = new Set<string>()
  return parts.map(([title, schema]) => ({
    title,
    settings: settingsOf(schema).filter(({ name }) => !seen.has(name) && seen.add(name)),
  }))
}

function settingsOf(schema: z.ZodObject): Setting[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const type = field as z.ZodType // zod types the shape loosely
    const parsed = type.safeParse(undefined)
    return {
      name,
      description: type.description ?? '',
      preset: parsed.success && parsed.data !== undefined ? String(parsed.data) : null,
    }
  })
}

/** @returns the text of .env.example */
export function envExample(): string {
  const part = ({ title, settings }: ReturnType<typeof settingsList>[number]) =>
    `## ${title}\n${settings.map(({ name, description, preset }) => `# ${description}\n# ${name}=${preset ?? ''}\n`).join('')}`
  return `# Copy to .env and take out the # in front of what you set. Nothing is needed to try it.\n\n${settingsList().map(part).join('\n')}`
}
