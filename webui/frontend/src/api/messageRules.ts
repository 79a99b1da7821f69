import type { Api } from './client'
import type { SpokenLanguage } from './prompts'

/** How callers leave messages: the company's rules. */
export interface MessageRules {
  longest_s: number
  /** So much silence ends a message. */
  silence_s: number
  /** What is no longer is thrown away. */
  least_s: number
  beep_ms: number
  /** Said before the tone; empty = a prepared piece. */
  greeting: string
  language: SpokenLanguage
}

/** The prepared piece that is the greeting where nothing else is. */
export const greetingPiece = (language: SpokenLanguage): string => `piece-${language}-message_greeting`

export class MessageSettings {
  constructor(private readonly api: Api) {}

  get(): Promise<MessageRules> {
    return this.api.get('/config/messages')
  }

  save(rules: MessageRules): Promise<MessageRules> {
    return this.api.put('/config/messages', rules)
  }
}
