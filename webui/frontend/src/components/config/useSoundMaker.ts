import { computed, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiError } from '@/api/client'
import { isBeingMade, Prompts, type Sound, type SoundKind, type Speech } from '@/api/prompts'
import { useAttempt } from '@/components/toasts'
import { useUpload } from '@/components/useUpload'
import { nameOfFile } from '@/config/soundState'
import { useServices } from '@/services'
import { useSoundPolling } from './useSoundPolling'

interface SoundForm {
  kind: SoundKind
  name: string
  source: 'text' | 'file'
  speech: Speech
  file: File | null
}

/** Drafts of one sound: made of a text or a file, followed until they are ready, then published or discarded. */
export function useSoundMaker(begun: Sound | null, changed: () => void) {
  const { t } = useI18n()
  const { api, preferences } = useServices()
  const attempt = useAttempt()
  const prompts = new Prompts(api)
  const latest = begun?.draft ?? begun?.current
  const form = ref<SoundForm>({
    kind: begun?.kind ?? 'prompt',
    name: '',
    source: latest?.source ?? 'text',
    speech: { text: latest?.text ?? '', language: latest?.language || preferences.locale.value, voice: latest?.voice ?? '' },
    file: null,
  })
  const sound = shallowRef(begun)
  const [busy, problem] = [ref(false), ref('')]
  const { upload, sent } = useUpload()

  const name = computed(() => form.value.name.trim() || (form.value.file && form.value.source === 'file' ? nameOfFile(form.value.file.name) : ''))
  const content = computed(() => (form.value.source === 'text' ? form.value.speech.text.trim() !== '' : form.value.file !== null))
  const ready = computed(() => content.value && (sound.value !== null || name.value !== ''))

  async function make(): Promise<void> {
    busy.value = true
    problem.value = ''
    try {
      sound.value = await (form.value.source === 'text' ? speak() : send())
      changed()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      problem.value = [error.message, ...Object.values(error.fields)].join(' ')
    } finally {
      busy.value = false
      sent.value = null
    }
  }

  const speak = (): Promise<Sound> => (sound.value ? prompts.speakAgain(sound.value.id, form.value.speech) : prompts.speak(name.value, form.value.kind, form.value.speech))

  function send(): Promise<Sound> {
    const file = form.value.file as File
    sent.value = 0
    return sound.value ? prompts.uploadAgain(upload, file, sound.value.id) : prompts.upload(upload, file, name.value, form.value.kind)
  }

  /** Do something to the draft; true when it worked. */
  async function act(action: (id: string) => Promise<unknown>, done?: string): Promise<boolean> {
    const id = sound.value?.id
    const worked = id !== undefined && (await attempt(() => action(id), done))
    if (worked) changed()
    return worked
  }

  useSoundPolling(
    () => isBeingMade(sound.value?.draft ?? null),
    () => attempt(async () => (sound.value = await prompts.show(sound.value?.id ?? ''))),
  )
  const publish = (): Promise<boolean> => act((id) => prompts.publish(id), t('sounds.published'))
  const discard = (): Promise<boolean> => act((id) => prompts.discard(id))
  return { form, sound, busy, sent, problem, ready, make, publish, discard }
}
