import { computed, inject, onMounted, provide, shallowRef, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue'
import { Configuration, type Ivr, type Queue } from '@/api/config'
import { Prompts, type Sound } from '@/api/prompts'
import { useAttempt } from '@/components/toasts'
import { menuChoices, type MenuGroup } from '@/config/destinations'
import { useServices } from '@/services'

/** What destinations and sounds can be chosen from. */
export interface Choices {
  queues: ShallowRef<Queue[]>
  ivrs: ShallowRef<Ivr[]>
  menus: ComputedRef<MenuGroup[]>
  sounds: ShallowRef<Sound[]>
  /** Owned numbers that can be shown outside. */
  shown: ShallowRef<string[]>
}

const CHOICES: InjectionKey<Choices> = Symbol('choices')

/** Read the choices once for a page and everything in it. */
export function provideChoices(): Choices {
  const { api } = useServices()
  const attempt = useAttempt()
  const configuration = new Configuration(api)
  const [queues, ivrs, sounds, shown] = [shallowRef<Queue[]>([]), shallowRef<Ivr[]>([]), shallowRef<Sound[]>([]), shallowRef<string[]>([])]
  const choices = { queues, ivrs, sounds, shown, menus: computed(() => menuChoices(ivrs.value)) }
  provide(CHOICES, choices)
  onMounted(() => {
    void attempt(async () => (queues.value = await configuration.queues.list()))
    void attempt(async () => (ivrs.value = await configuration.ivrs.list()))
    void attempt(async () => (shown.value = (await configuration.numbers()).filter((one) => one.trunk).map((one) => one.number)))
    void attempt(async () => (sounds.value = await new Prompts(api).list()))
  })
  return choices
}

export function useChoices(): Choices {
  const choices = inject(CHOICES)
  if (!choices) throw new Error('choices are provided by the page')
  return choices
}
