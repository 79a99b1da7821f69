import { shownNumber } from '@/live/phoneNumber'
import { useServices } from '@/services'

/** Telephone numbers as the company's country writes them: the one way in which pages show them. */
export function useShownNumber(): (number: string | null | undefined) => string {
  const { session } = useServices()
  return (number) => (number ? shownNumber(number, session.country.value) : '')
}
