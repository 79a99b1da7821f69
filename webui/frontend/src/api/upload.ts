import { ApiError, errorOf } from './client'

/** Sends a form with a file; `fetch` can't tell how far that is. */
export type Upload = <T>(path: string, fields: Record<string, string | Blob>) => Promise<T>

export interface UploadOptions {
  language: () => string
  unreachable: () => string
  /** Told the part that was sent, 0 to 1. */
  progress: (part: number) => void
  /** For tests. */
  request?: () => XMLHttpRequest
}

export function makeUpload(options: UploadOptions): Upload {
  return async <T>(path: string, fields: Record<string, string | Blob>) => {
    const request = await send(options, path, fields)
    if (request.status === 0) throw new ApiError(0, 'unreachable', options.unreachable())
    const response = new Response(request.responseText || null, { status: request.status })
    if (!response.ok) throw await errorOf(response)
    return (await response.json()) as T
  }
}

function send(options: UploadOptions, path: string, fields: Record<string, string | Blob>): Promise<XMLHttpRequest> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const request = options.request?.() ?? new XMLHttpRequest()
  request.upload.addEventListener('progress', (event) => event.lengthComputable && options.progress(event.loaded / event.total))
  const done = new Promise<XMLHttpRequest>((resolve) => request.addEventListener('loadend', () => resolve(request)))
  request.open('POST', `/api/v1${path}`)
  request.setRequestHeader('Accept', 'application/json')
  request.setRequestHeader('Accept-Language', options.language())
  request.send(form)
  return done
}
