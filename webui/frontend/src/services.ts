import { inject, type InjectionKey } from 'vue'
import type { Api } from './api/client'
import type { ServerClock } from './live/clock'
import type { LiveFeed } from './live/feed'
import type { ExportTray } from './session/exportTray'
import type { Names } from './session/names'
import type { Preferences } from './session/preferences'
import type { Phone } from './phone/phone'
import type { Session } from './session/session'

/** Everything with a life of its own; made in main.ts, given to pages by injection. */
export interface Services {
  api: Api
  session: Session
  names: Names
  preferences: Preferences
  clock: ServerClock
  feed: LiveFeed
  phone: Phone
  exports: ExportTray
}

export const SERVICES: InjectionKey<Services> = Symbol('services')

export function useServices(): Services {
  const services = inject(SERVICES)
  if (!services) throw new Error('services are provided in main.ts')
  return services
}
