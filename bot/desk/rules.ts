import type { Role } from '../handoff/people.ts'

const everybody: readonly Role[] = ['broker', 'lead', 'staff']
const talkers: readonly Role[] = ['broker', 'lead']
const keepers: readonly Role[] = ['lead', 'staff']
const leads: readonly Role[] = ['lead']

/** Who may use which route. A route missing from this table cannot be registered; a test walks role × route. */
export const rules: Readonly<Record<string, readonly Role[]>> = {
  'GET /desk/api/me': everybody,
  'POST /desk/api/sign-out': everybody,
  'GET /desk/api/events': everybody,
  'GET /desk/api/counts': everybody,
  'POST /desk/api/duty': talkers,

  'GET /desk/api/cases': talkers,
  'GET /desk/api/cases/:id': talkers,
  'GET /desk/api/cases/:id/state': talkers,
  'GET /desk/api/cases/:id/lines': talkers,
  'POST /desk/api/cases/:id/action': talkers,
  'GET /desk/api/cases/:id/result': talkers,
  'GET /desk/api/outcomes': talkers,
  'GET /desk/api/colleagues': talkers,

  'POST /desk/api/cases/:id/verify': talkers,

  'GET /desk/api/documents': everybody,
  'GET /desk/api/documents/:id': everybody,
  'POST /desk/api/documents/:id/protected': talkers,
  'POST /desk/api/documents/:id/withdraw': keepers,
  'POST /desk/api/documents/:id/wrong': keepers,
  'POST /desk/api/documents/:id/event': keepers,

  'GET /desk/api/uploads': keepers,
  'POST /desk/api/uploads': keepers,

  'GET /desk/api/review': keepers,
  'GET /desk/api/review/:id': keepers,
  'GET /desk/api/review/:id/picture': keepers,
  'POST /desk/api/review/:id/fields': keepers,
  'POST /desk/api/review/:id/approve': keepers,
  'POST /desk/api/review/:id/reject': keepers,

  'GET /desk/api/faq': keepers,
  'POST /desk/api/faq/:id/approve': keepers,
  'POST /desk/api/faq/:id/dismiss': keepers,
  'GET /desk/api/gaps': everybody,

  'GET /desk/api/recalls': talkers,
  'GET /desk/api/recalls/:id': talkers,
  'POST /desk/api/recalls/:id/confirm': talkers,
  'POST /desk/api/recalls/:id/dismiss': talkers,

  'GET /desk/api/demands': everybody,
  'GET /desk/api/demands/:id': everybody,
  'POST /desk/api/demands/:id/step': everybody,
  'POST /desk/api/demands/:id/undo': everybody,
  'POST /desk/api/demands/:id/preview': everybody,
  'POST /desk/api/demands/:id/hide': everybody,
  'GET /desk/api/achievements': everybody,
  'GET /desk/api/achievements/:id': everybody,
  'POST /desk/api/achievements/:id/step': everybody,
  'POST /desk/api/achievements/:id/undo': everybody,

  'GET /desk/api/agenda': everybody,
  'GET /desk/api/agenda/:id': everybody,
  'GET /desk/api/agenda/:id/list': everybody,
  'POST /desk/api/agenda/:id/hold': everybody,
  'POST /desk/api/agenda/:id/cancel': keepers,

  'GET /desk/api/calls': talkers,
  'POST /desk/api/calls/:id/done': talkers,

  'GET /desk/api/controls': keepers,
  'POST /desk/api/topics': keepers,
  'POST /desk/api/verified': keepers,
  'POST /desk/api/verified/revoke': keepers,

  'GET /desk/api/people': leads,
  'POST /desk/api/people': leads,
  'POST /desk/api/people/:id/link': leads,
  'POST /desk/api/people/:id/duty': leads,
  'POST /desk/api/people/:id/remove': leads,
}
