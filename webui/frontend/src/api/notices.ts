import type { Api } from './client'

export const NOTICES = ['voicemail', 'balance_low', 'webhook_paused', 'calling_limit', 'calling_refused'] as const
export type Notice = (typeof NOTICES)[number]

/** Addresses by kind of notice; `set_up` tells whether this installation can send e-mail at all. */
export interface NoticeSettings {
  language: 'zh' | 'en'
  recipients: Record<Notice, string[]>
  set_up: boolean
}

const PATH = '/config/notices'

export class NoticeApi {
  constructor(private readonly api: Api) {}

  load(): Promise<NoticeSettings> {
    return this.api.get(PATH)
  }

  /** Sends a test message now; fails with what the mail server said. */
  test(address: string): Promise<void> {
    return this.api.post(`${PATH}/test`, { address })
  }

  save({ language, recipients }: NoticeSettings): Promise<NoticeSettings> {
    return this.api.put(PATH, { language, recipients })
  }
}
