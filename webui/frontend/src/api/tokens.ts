import type { Api } from './client'
import type { Grants, Scope } from './team'

export const TOKEN_NAME = 60

/** A token; times in microseconds; `owner` null = the company's own, `scopes` null = all rights of its owner. */
export interface Token {
  id: string
  name: string
  owner: string | null
  created_by_name: string | null
  scopes: Grants | null
  created: number
  expires: number | null
  last_used: number | null
}

export interface TokenForm {
  name: string
  scopes: Grants | null
  expires: number | null
}

/** Tokens, and the rights that can be given with their scopes, narrowest first. */
export interface TokenList {
  items: Token[]
  rights: Record<string, Scope[]>
}

/** The own tokens, or the company's with those of its people. */
export class Tokens {
  private readonly path: string

  constructor(
    private readonly api: Api,
    company: boolean,
  ) {
    this.path = company ? '/tokens/company' : '/tokens'
  }

  list(): Promise<TokenList> {
    return this.api.get(this.path)
  }

  /** `token` is shown this once. */
  add(form: TokenForm): Promise<Token & { token: string }> {
    return this.api.post(this.path, form)
  }

  revoke(id: string): Promise<void> {
    return this.api.delete(`${this.path}/${encodeURIComponent(id)}`)
  }
}
