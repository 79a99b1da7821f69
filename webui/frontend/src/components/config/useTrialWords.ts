import { useI18n } from 'vue-i18n'
import type { MenuTree, Way } from '@/api/config'
import { greetingPiece } from '@/api/messageRules'
import { SPOKEN_LANGUAGES } from '@/api/prompts'
import { mailboxName } from '@/config/destinations'
import { useServices } from '@/services'
import { useChoices } from './useChoices'

/** What the parts and ends of a trial are called. */
export function useTrialWords(props: { id: string; tree: MenuTree }) {
  const { t, te } = useI18n()
  const { names } = useServices()
  const { sounds, queues } = useChoices()

  const menuOf = (menu: string) => props.tree.menus.find((one) => `${props.id}.${one.id}` === menu)
  const menuName = (menu: string): string => menuOf(menu)?.name || menu
  const soundName = (id: string): string => {
    if (SPOKEN_LANGUAGES.some((language) => greetingPiece(language) === id)) return t('messageRules.piece')
    return sounds.value.find((sound) => sound.id === id)?.name ?? id
  }
  const reasonText = (reason: string): string => (te(`trial.reason.${reason}`) ? t(`trial.reason.${reason}`) : '')

  function ending(way: Way, target: string): string {
    const name = way === 'agent' ? names.agent(target) : way === 'voicemail' ? mailboxName(target, queues.value, names.agent) || t('voicemailTo.company') : (queues.value.find((queue) => queue.key === target)?.name ?? target)
    return te(`trial.ends.${way}`) ? t(`trial.ends.${way}`, { name }) : t('trial.ends.other', { name })
  }

  return { menuOf, menuName, soundName, reasonText, ending }
}
