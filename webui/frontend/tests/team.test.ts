import { describe, expect, it } from 'vitest'
import { SCOPES, SERVICE_STANDINGS } from '@/api/team'
import { differences } from '@/config/differences'
import { textsOf } from '@/i18n'

/** ROLE-1, SEAT-4: what people read of changes, roles and seats. */
describe('a change', () => {
  it('shows the fields that differ, the inner ones by their paths', () => {
    const before = { name: 'Wang', agent: { group: 'East', seat: true }, leads: ['East'] }
    const after = { name: 'Wang', agent: { group: 'West', seat: true }, leads: [] }
    expect(differences(before, after)).toEqual([
      { field: 'agent.group', before: 'East', after: 'West' },
      { field: 'leads', before: '["East"]', after: '–' },
    ])
  })

  it('of something new or deleted shows all of it', () => {
    expect(differences(null, { name: 'Wang', company: '', numbers: [] })).toEqual([{ field: 'name', before: '–', after: 'Wang' }])
    expect(differences({ name: 'Wang' }, null)).toEqual([{ field: 'name', before: 'Wang', after: '–' }])
  })
})

it('every scope and standing has a text', () => {
  for (const locale of ['zh', 'en'] as const) {
    const { scope, service } = textsOf(locale) as Record<string, Record<string, string>>
    for (const name of SCOPES) expect(scope?.[name]).toBeTruthy()
    for (const name of SERVICE_STANDINGS.filter((one) => one !== 'valid')) expect(service?.[name]).toBeTruthy()
  }
})
