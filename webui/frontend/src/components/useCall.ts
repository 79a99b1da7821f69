import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { Calls, type CallDetail, type LiveCall, type StoryEvent } from '@/api/calls'
import { ApiError } from '@/api/client'
import { useServices } from '@/services'
import { usePolling } from './usePolling'

/** How often a call in progress is looked at again. */
const REFRESH_S = 3

/** One call by its id: its record, or what is known while it is in progress. */
export function useCall(id: Ref<string>) {
  const { t } = useI18n()
  const { api, session } = useServices()
  const calls = new Calls(api)
  const record = shallowRef<CallDetail | null>(null)
  const live = shallowRef<LiveCall | null>(null)
  const story = shallowRef<readonly StoryEvent[]>([])
  const error = ref('')
  const loading = ref(true)
  const call = computed(() => record.value ?? live.value)

  async function load(): Promise<void> {
    try {
      await read(id.value)
      error.value = call.value || story.value.length ? '' : t('call.unknown')
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure
      error.value = failure.message
    }
    loading.value = false
  }

  async function read(wanted: string): Promise<void> {
    const [detail, events] = await Promise.all([calls.show(wanted), calls.story(wanted)])
    const running = detail || !session.may('calls.view_live') ? [] : await calls.live()
    if (wanted !== id.value) return
    record.value = detail
    live.value = running.find((one) => one.id === wanted) ?? null
    story.value = events ?? []
  }

  watch(id, () => {
    loading.value = true
    record.value = live.value = null
    story.value = []
    void load()
  })
  usePolling(async () => {
    if (!record.value) await load()
  }, REFRESH_S)
  return { record, live, call, story, error, loading, load }
}
