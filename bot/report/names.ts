import deskWords from '../desk/page/words.zh.json' with { type: 'json' }

const words: Readonly<Record<string, string>> = deskWords

/** What people call each figure; reasons and outcomes have their names from the desk. */
const names: Readonly<Record<string, string>> = {
  from: '起',
  to: '止',
  'enterprises.served': '服务企业',
  'enterprises.new': '新增企业',
  'demands.collected': '需求收集',
  'demands.vetted': '需求核实',
  'demands.published': '需求发布',
  'demands.introduced': '需求对接',
  'demands.agreed': '达成意向',
  'demands.open': '在办需求',
  'achievements.collected': '成果收集',
  'achievements.published': '成果发布',
  'achievements.incubating': '成果孵化',
  'achievements.transferred': '成果转化',
  'events.held': '举办活动',
  'events.training': '其中培训',
  'events.attendance': '活动参加人次',
  'brokers.active': '在办的技术经纪人',
  'brokers.trained': '培训技术经纪人',
  agreements: '合作协议',
  'financing.projects': '融资项目',
  'financing.amount': '融资金额（元）',
  'contracts.count': '合同数',
  'contracts.contract_amount': '合同金额（元）',
  'contracts.technology_amount': '技术交易额（元）',
  'contracts.received_amount': '到账金额（元）',
  'policies_redeemed.count': '政策兑现',
  'policies_redeemed.amount': '政策兑现金额（元）',
  'questions.asked': '提问',
  'questions.answered': '机器人答复',
  'questions.clarified': '反问',
  'questions.declined': '婉拒',
  'questions.handed_off': '转人工',
  'hand_offs.by_reason': '转人工原因',
  'hand_offs.first_response_p50_s': '首次答复中位数（秒）',
  'hand_offs.first_response_p90_s': '首次答复九成以内（秒）',
  'hand_offs.satisfaction': '满意度',
  'hand_offs.outcomes': '办理结果',
  recalls: '更正',
  gaps: '知识缺口',
}

/** @param path of a figure as in `report --json`; @returns its Chinese name, or null for one that has none */
export function nameOfFigure(path: string): string | null {
  if (Object.hasOwn(names, path)) return names[path] ?? null
  const [, group, value = ''] = /^hand_offs\.(by_reason|outcomes)\.([a-z_]+)$/.exec(path) ?? []
  if (group === undefined) return null
  const said = words[`${group === 'by_reason' ? 'reason' : 'outcome'}.${value}`]
  return said === undefined ? null : `${group === 'by_reason' ? '转人工' : '结果'}：${said}`
}

/** A line of the readable form; a Chinese character is as wide as two letters. */
export function figureLine({ name, value }: { readonly name: string; readonly value: unknown }): string {
  const chinese = nameOfFigure(name) ?? ''
  const width = [...chinese].reduce((sum, each) => sum + (each.charCodeAt(0) > 0xff ? 2 : 1), 0)
  return `${chinese}${' '.repeat(Math.max(1, 26 - width))}${name.padEnd(36)} ${value ?? '—'}`
}
