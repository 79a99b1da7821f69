import { Iphone, Monitor, SwitchButton } from '@element-plus/icons-vue'
import { ElMessage, ElMessageBox } from 'element-plus'
import { useI18n } from 'vue-i18n'
import { AgentActions } from '@/api/agents'
import { ANSWER_MODES, CHOSEN_STATES, type ChosenState, type SeatRow } from '@/api/types'
import { useServices } from '@/services'
import type { MenuItem } from './menu'
import { engaged, STATE_ICONS, stateColour } from './stateLooks'
import { useAttempt } from './toasts'
import { useReasons } from './useReasons'
import { useSupervision } from './useSupervision'

/** What can be done to a seat, for its own agent and for supervisors alike, with the reason where it can't. */
export function useSeatMenu() {
  const { t } = useI18n()
  const { api, session, feed, phone } = useServices()
  const { reasonText } = useReasons()
  const { callItems } = useSupervision()
  const attempt = useAttempt()
  const actions = new AgentActions(api)

  const refusal = (row: SeatRow): string | undefined =>
    engaged(row.state) ? t('seat.engaged', { state: t(`state.${row.state}`) }) : undefined

  function stateItems(row: SeatRow): MenuItem[] {
    const choices = CHOSEN_STATES.flatMap((state): [ChosenState, string][] =>
      state === 'break' ? breakReasons().map((reason) => [state, reason]) : [[state, '']],
    )
    return choices.map(([state, reason], index) => ({
      key: `state-${state}-${reason}`,
      label: reason ? `${t(`state.${state}`)} · ${reasonText(reason)}` : t(`state.${state}`),
      icon: STATE_ICONS[state],
      colour: stateColour(state),
      selected: row.state === state && (state !== 'break' || row.reason === reason),
      disabled: engaged(row.state),
      why: refusal(row),
      heading: index ? undefined : (refusal(row) ?? t('seat.state')),
      rule: !index && Boolean(row.call),
      run: () => void choose(row, state, reason),
    }))
  }

  /** Nobody goes online with a web phone that is not known to work (STATE-6). */
  async function choose(row: SeatRow, state: ChosenState, reason: string): Promise<void> {
    const own = row.id === feed.own.value?.row.id && row.mode === 'web'
    if (state === 'online' && own && !(await phone.checkedOnce())) {
      const why = phone.preflight.results[phone.preflight.failed.value ?? 'registered'].why
      ElMessage({ type: 'error', message: t('phone.check.refused', { why: t(`phone.check.hint.${why}`) }), showClose: true, duration: 10_000, grouping: true })
      return
    }
    await attempt(() => actions.setState(row.id, state, reason))
  }

  const breakReasons = (): string[] => {
    const reasons = session.tenant.value?.break_reasons ?? []
    return reasons.length ? reasons : ['']
  }

  const modeItems = (row: SeatRow): MenuItem[] =>
    ANSWER_MODES.map((mode, index) => ({
      key: `mode-${mode}`,
      label: t(`mode.${mode}`),
      icon: mode === 'web' ? Monitor : Iphone,
      selected: row.mode === mode,
      disabled: engaged(row.state),
      why: refusal(row),
      heading: index ? undefined : t('seat.mode'),
      rule: !index,
      run: () => void attempt(() => actions.setMode(row.id, mode)),
    }))

  const logoutItem = (row: SeatRow): MenuItem => ({
    key: 'force-logout',
    label: t('seat.forceLogout'),
    icon: SwitchButton,
    danger: true,
    rule: true,
    disabled: engaged(row.state),
    why: refusal(row),
    run: () => void forceLogout(row),
  })

  async function forceLogout(row: SeatRow): Promise<void> {
    const confirmed = await ElMessageBox.confirm(t(`seat.forceLogoutEffect.${row.mode}`), t('seat.forceLogoutAsk', { name: row.name }), {
      confirmButtonText: t('seat.forceLogout'),
      cancelButtonText: t('action.cancel'),
      confirmButtonClass: 'el-button--danger',
      type: 'warning',
    }).catch(() => false)
    if (confirmed) await attempt(() => actions.forceLogout(row.id), t('seat.loggedOut', { name: row.name }))
  }

  const ownItems = (row: SeatRow): MenuItem[] => [...stateItems(row), ...modeItems(row)]
  const supervisorItems = (row: SeatRow): MenuItem[] => [...callItems(row), ...ownItems(row), logoutItem(row)]
  const finishWrapUp = (row: SeatRow): Promise<boolean> => attempt(() => actions.finishWrapUp(row.id))
  return { ownItems, supervisorItems, finishWrapUp }
}
