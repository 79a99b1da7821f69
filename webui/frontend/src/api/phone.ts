import type { Api } from './client'

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

  issue(page: string): Promise<PhoneLogin> {
    return this.api.post('/phone', { page })
  }

  renew(page: string): Promise<{ expires: number }> {
    return this.api.post('/phone/renew', { page })
  }
}
