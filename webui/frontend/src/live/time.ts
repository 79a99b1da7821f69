/** Durations and moments as text. All inputs are microseconds. */

const SECOND = 1_000_000

const two = (value: number): string => String(value).padStart(2, '0')

/** `0:07`, `12:31`, `1:02:05`, `27:10:00`; never negative. */
export function duration(us: number): string {
  const total = Math.max(0, Math.floor(us / SECOND))
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}

/** Time since another event: `+0.000`, `+12.345`, `+1:02.345`; `−0.031` for one that two clocks put before it. */
export function relative(us: number): string {
  const total = Math.round(Math.abs(us) / 1000)
  const [minutes, seconds] = [Math.floor(total / 60_000), ((total % 60_000) / 1000).toFixed(3)]
  return `${us < 0 && total ? '−' : '+'}${minutes ? `${minutes}:${seconds.padStart(6, '0')}` : seconds}`
}

interface Parts {
  year: string
  month: string
  day: string
  hour: string
  minute: string
  second: string
}

const formats = new Map<string, Intl.DateTimeFormat>()

function parts(us: number, zone: string): Parts {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(zone, format)
  }
  return Object.fromEntries(format.formatToParts(us / 1000).map((part) => [part.type, part.value])) as unknown as Parts
}

/** The time zone that the browser goes by; browsers that don't know say `Etc/Unknown`, which nothing can show. */
export function browserZone(): string {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return zone && zone !== 'Etc/Unknown' ? zone : 'UTC'
}

/** `UTC+8`, `UTC-3:30`, `UTC`: how far a time zone is from UTC at a moment. */
export function offset(us: number, zone: string): string {
  const named = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(us / 1000)
  return (named.find((part) => part.type === 'timeZoneName')?.value ?? '').replace('GMT', 'UTC').replace(/[+]0$/, '')
}

/** `2026-03-09` in the time zone. */
export function day(us: number, zone: string): string {
  const { year, month, day } = parts(us, zone)
  return `${year}-${month}-${day}`
}

/** `13:00:12` in the time zone. */
export function clockTime(us: number, zone: string): string {
  const { hour, minute, second } = parts(us, zone)
  return `${hour}:${minute}:${second}`
}

/** `2026-03-09 13:00:12` in the time zone. */
export function moment(us: number, zone: string): string {
  return `${day(us, zone)} ${clockTime(us, zone)}`
}

/** `moment` with milliseconds. */
export function exactMoment(us: number, zone: string): string {
  return `${moment(us, zone)}.${String(Math.floor(us / 1000) % 1000).padStart(3, '0')}`
}

/**
 * The moment a wall clock in `zone` shows `YYYY-MM-DD HH:mm:ss`, microseconds UTC.
 *
 * A wall time that a change to summer time skips becomes the moment an hour later.
 */
export function fromWall(wall: string, zone: string): number {
  const asUtc = Date.parse(`${wall.replace(' ', 'T')}Z`) * 1000
  const offset = (us: number): number => Date.parse(`${moment(us, zone).replace(' ', 'T')}Z`) * 1000 - us
  return asUtc - offset(asUtc - offset(asUtc))
}
