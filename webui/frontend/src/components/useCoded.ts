import { useI18n } from 'vue-i18n'

/** Words of the server in people's words: of the first of these places that knows the word, else as it is. */
export function useCoded(): (places: string | readonly string[], value: unknown) => string {
  const { t, te } = useI18n()
  return (places, value) => {
    const key = [places].flat().map((place) => `${place}.${String(value)}`).find((one) => te(one))
    return key ? t(key) : String(value ?? '')
  }
}
