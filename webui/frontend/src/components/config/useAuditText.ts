import { useI18n } from 'vue-i18n'
import type { AuditChange } from '@/api/team'
import { useServices } from '@/services'

/** Areas whose keys are agents, queues or people. */
const AGENT_AREAS = new Set(['soft_phone', 'mobiles', 'pins'])
const PERSON_AREAS = new Set(['person', 'password', 'password_link', 'seat'])

/** Fields whose values are ids of agents or queues. */
const NAMING = new Set(['agent', 'queue', 'target'])

/** What the audit says, in people's words: areas, fields, values, and whose row it is; what has no text stays as it is written. */
export function useAuditText(personOf: (id: string) => string | undefined) {
  const { t, te } = useI18n()
  const { names } = useServices()

  const known = (prefix: string, value: string): string | undefined => (te(`${prefix}.${value}`) ? t(`${prefix}.${value}`) : undefined)
  const named = (id: string): string => {
    const agent = names.agent(id)
    return agent !== id ? agent : names.queue(id)
  }

  const area = (value: string): string => known('auditArea', value) ?? value

  /** The path of a field word by word; ids on the way are named. */
  function field(path: string): string {
    if (path.startsWith('grants.')) return known('permission', path.slice('grants.'.length).replaceAll('.', '_')) ?? path
    return path
      .split('.')
      .map((step) => known('auditField', step) ?? named(step))
      .join(' · ')
  }

  /** A value of a field: ids are named where the field holds agents or queues, not where they look like one. */
  function value(path: string, text: string): string {
    const holds = NAMING.has(path.split('.').at(-1) ?? '')
    return known('auditValue', text) ?? (holds ? named(text) : text)
  }

  /** Which thing was changed. */
  function which(row: AuditChange): string {
    if (PERSON_AREAS.has(row.area)) return personOf(row.key) ?? row.key
    if (row.area === 'queues') return names.queue(row.key)
    return AGENT_AREAS.has(row.area) ? names.agent(row.key) : row.key
  }

  return { area, field, value, which }
}
