import { computed, shallowRef } from 'vue'
import { ApiError, type Api } from '@/api/client'
import type { Permission, Session as SessionData } from '@/api/types'

/** Who is logged in, and in which company. */
export class Session {
  readonly data = shallowRef<SessionData | null>(null)
  readonly user = computed(() => this.data.value?.user ?? null)
  readonly tenant = computed(() => this.data.value?.tenant ?? null)
  readonly timezone = computed(() => this.data.value?.tenant.timezone ?? 'UTC')
  private asked: Promise<void> | undefined

  constructor(private readonly api: Api) {}

  /** Ask the server once who is logged in; nobody is not an error. */
  ready(): Promise<void> {
    this.asked ??= this.load().catch((error: unknown) => {
      this.asked = undefined
      throw error
    })
    return this.asked
  }

  may(permission: Permission): boolean {
    return this.user.value?.permissions.includes(permission) ?? false
  }

  async logIn(login: string, password: string): Promise<void> {
    this.data.value = await this.api.post<SessionData>('/session', { login, password })
  }

  async logOut(): Promise<void> {
    await this.api.delete('/session')
    this.forget()
  }

  /** The login ended without our doing. */
  forget(): void {
    this.data.value = null
  }

  private async load(): Promise<void> {
    try {
      this.data.value = await this.api.get<SessionData>('/session')
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error
    }
  }
}
