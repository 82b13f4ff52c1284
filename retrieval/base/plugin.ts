import type { z } from 'zod'
import { type Env, faultsOf, parseSettings, SettingsError } from './env.ts'

/**
 * A part with settings of its own. When `isOn` is true for the environment, its settings must be complete; a half-set plug-in is an error
 * that names what is missing.
 */
export type Plugin<Part, Deps> = {
  readonly name: string
  readonly settings: z.ZodObject
  readonly isOn: (env: Env) => boolean
  readonly open: (env: Env, deps: Deps) => Part
}

/** @param isOn default: on when any of the plug-in's own settings is present */
export function plugin<Part, Deps, Schema extends z.ZodObject>(
  name: string,
  settings: Schema,
  open: (settings: z.infer<Schema>, deps: Deps) => Part,
  isOn: (env: Env) => boolean = (env) => Object.keys(settings.shape).some((each) => (env[each] ?? '').trim() !== ''),
): Plugin<Part, Deps> {
  return { name, settings, isOn, open: (env, deps) => open(parseSettings(settings, env), deps) }
}

/** @returns the plug-ins that are on; @throws SettingsError with the faults of all of them at once */
export function switchedOn<Part, Deps>(list: readonly Plugin<Part, Deps>[], env: Env): readonly Plugin<Part, Deps>[] {
  const on = list.filter((each) => each.isOn(env))
  const faults = on.flatMap((each) => faultsOf(each.settings, env))
  if (faults.length > 0) throw new SettingsError(faults)
  return on
}
