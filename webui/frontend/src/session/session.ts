import { computed, shallowRef } from 'vue'
import type { Api } from '@/api/client'
import type { Locale } from '@/i18n'
import { browserZone } from '@/live/time'
import type { Permission, Session as SessionData } from '@/api/types'

/** Who is logged in, and in which company. */
export class Session {
  readonly data = shallowRef<SessionData | null>(null)
  readonly user = computed(() => this.data.value?.user ?? null)
  readonly tenant = computed(() => this.data.value?.tenant ?? null)
  /** The company's; operators, who belong to none, go by their browser's. */
  readonly timezone = computed(() => this.tenant.value?.timezone ?? browserZone())
  /** Whose numbers are shown nationally (ISO 3166); operators see all internationally. */
  readonly country = computed(() => this.tenant.value?.country ?? '')
  /** Why the server could not be asked who is logged in; empty while all is well. */
  readonly failure = shallowRef('')
  private asked: Promise<void> | undefined

  constructor(private readonly api: Api) {}

  /** Ask the server once who is logged in; nobody is not an error. */
  ready(): Promise<void> {
    this.asked ??= this.load().catch((error: unknown) => {
      this.failure.value = error instanceof Error ? error.message : String(error)
      throw error
    })
    return this.asked
  }

  /** Ask again; false when the login has ended. Not being able to ask doesn't end it. */
  async holds(): Promise<boolean> {
    await this.load().catch(() => undefined)
    return this.user.value !== null
  }

  may(permission: Permission): boolean {
    return this.data.value?.permissions.includes(permission) ?? false
  }

  async logIn(login: string, password: string): Promise<void> {
    this.data.value = await this.api.post<SessionData>('/session', { login, password })
  }

  async logOut(): Promise<void> {
    await this.api.delete('/session')
    this.forget()
  }

  /** Remember the interface language for the next login, on any computer. */
  async setLanguage(language: Locale): Promise<void> {
    if (this.user.value && this.user.value.language !== language) {
      this.data.value = await this.api.patch<SessionData>('/session', { language })
    }
  }

  /** Choose another password; the other log-ins end. */
  changePassword(old: string, fresh: string): Promise<unknown> {
    return this.api.put('/password', { old, new: fresh })
  }

  /** Whose password a link from an administrator lets choose. */
  readLink(token: string): Promise<{ name: string; login: string; expires: number; shortest: number }> {
    return this.api.post('/password/link', { token })
  }

  choosePassword(token: string, password: string): Promise<unknown> {
    return this.api.put('/password/link', { token, password })
  }

  /** The login ended without our doing. */
  forget(): void {
    this.data.value = null
  }

  private async load(): Promise<void> {
    this.data.value = (await this.api.get<{ session: SessionData | null }>('/session/who')).session
  }
}
