import { ApiError, type Api } from './client'
import type { OwnSeat } from './types'

/** What a page registers with; see `/api/v1/phone`. */
export interface PhoneLogin {
  url: string
  user: string
  domain: string
  password: string
  expires: number
  register_s: number
}

export class PhoneActions {
  constructor(private readonly api: Api) {}

  /** A password for this page; where pages can't be the phone that is known without a refused request. */
  async issue(page: string): Promise<PhoneLogin> {
    const { offered, hindrance, reason } = await this.api.get<{ offered: boolean; hindrance: string; reason: string }>('/phone')
    if (!offered) throw new ApiError(409, hindrance, reason)
    return this.api.post('/phone', { page })
  }

  renew(page: string): Promise<{ expires: number }> {
    return this.api.post('/phone/renew', { page })
  }

  /** The own seat as the server has it now. */
  seat(): Promise<OwnSeat> {
    return this.api.get('/agents/me')
  }

  /** End the own call where the switch can't be told by SIP. */
  hangUp(call: string): Promise<unknown> {
    return this.api.post(`/calls/${encodeURIComponent(call)}/hang-up`)
  }
}
