import { z } from 'zod'
import type { Env } from '../../../retrieval/base/env.ts'

/** Settings shared by all WeCom channels. */
export const corpSettings = z.object({
  WECOM_CORP_ID: z
    .string()
    .regex(/^[\w-]{4,64}$/, 'is not a corp id')
    .describe('企业ID: 管理后台 → 我的企业 → 企业信息'),
})

/** How WeCom's servers are reached. */
export const reachSettings = z.object({
  WECOM_API_ROOT: z
    .url({ protocol: /^https?$/, error: 'is not an http(s) address' })
    .default('https://qyapi.weixin.qq.com')
    .describe('change only for a private gateway'),
  WECOM_PROXY: z
    .url({ protocol: /^https?$/, error: 'is not an http(s) address' })
    .optional()
    .describe('http(s) proxy with a fixed address, listed under 企业可信IP'),
})

/** Keys of a callback address; `prefix` names whose. */
export const tokenSetting = z
  .string()
  .regex(/^[A-Za-z0-9]{1,32}$/, 'has up to 32 letters and digits')
  .describe('Token of the callback: 应用 → 接收消息 → 设置API接收')
export const aesKeySetting = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}$/, 'has 43 letters and digits')
  .describe('EncodingAESKey of the same page')

/** Where all processes and channels keep WeCom's access tokens. */
export const tokenMemory = 'wecom-tokens'

/** @returns whether any of these is set */
export function anySet(env: Env, names: readonly string[]): boolean {
  return names.some((name) => (env[name] ?? '').trim() !== '')
}
