/** Tell of a call outside the page, where the person has allowed it; a click brings the page to the front. */
export function notify(text: string): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  // One tag: a later call's notice takes the place of an earlier one's.
  const shown = new Notification(text, { tag: 'zuoxi-call' })
  shown.onclick = () => window.focus()
}
