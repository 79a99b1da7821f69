/** One request to the server: JSON in, JSON out, every failure an ApiError with a message for people. */

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message: string,
    readonly fields: Record<string, string> = {},
  ) {
    super(message)
  }
}

export type Query = Record<string, string | number | readonly string[] | null | undefined>

export interface ApiOptions {
  /** Language that messages are wanted in. */
  language: () => string
  /** Text for "the server can't be reached", in the user's language. */
  unreachable: () => string
  /** Called when the server says that nobody is logged in (any more). */
  loggedOut: () => void
  fetch?: typeof fetch
}

const BASE = '/api/v1'

export class Api {
  constructor(private readonly options: ApiOptions) {}

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.send<T>('GET', path + queryString(query), undefined, signal)
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.send<T>('POST', path, body)
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.send<T>('PUT', path, body)
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.send<T>('PATCH', path, body)
  }

  delete<T>(path: string): Promise<T> {
    return this.send<T>('DELETE', path)
  }

  private async send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await this.request(method, path, body, signal)
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T
    if (response.status === 401 && path !== '/session') this.options.loggedOut()
    throw await errorOf(response)
  }

  private async request(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': this.options.language() }
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    const init = { method, headers, credentials: 'same-origin', body: body && JSON.stringify(body), signal } as const
    try {
      return await (this.options.fetch ?? fetch)(BASE + path, init as RequestInit)
    } catch (error) {
      if (signal?.aborted) throw error
      throw new ApiError(0, 'unreachable', this.options.unreachable())
    }
  }
}

export function queryString(query: Query): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') params.append(name, String(one))
    }
  }
  const text = params.toString()
  return text && `?${text}`
}

export async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null)
  const error = (body as { error?: { id?: string; message?: string; fields?: Record<string, string> } } | null)?.error
  return new ApiError(
    response.status,
    error?.id ?? `http_${response.status}`,
    error?.message ?? `HTTP ${response.status} ${response.statusText}`.trim(),
    error?.fields ?? {},
  )
}
