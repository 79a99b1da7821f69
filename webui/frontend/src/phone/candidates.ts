/** A way to this browser as JsSIP tells of it; `ready` sends the offer or answer with what was found so far. */
export interface Found {
  candidate: { candidate: string }
  ready: () => void
}

/**
 * Send as soon as the switch could reach this page, and no sooner: it takes UDP alone, and browsers find TCP first at
 * times. Without one, JsSIP sends when there is nothing more to be found.
 */
export function sendOnceReachable({ candidate, ready }: Found): void {
  if (/^\S+ \d+ udp /i.test(candidate.candidate)) ready()
}
