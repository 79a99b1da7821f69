import { CircleClose, Headset, Microphone, Mute, PhoneFilled, Switch } from '@element-plus/icons-vue'
import { ElMessageBox } from 'element-plus'
import type { Component } from 'vue'
import { useI18n } from 'vue-i18n'
import { CallControl, type SupervisorAct } from '@/api/callControl'
import type { SeatRow } from '@/api/types'
import { needsSeat, ringsOwnPhone, supervisorActs } from '@/live/inCall'
import { useServices } from '@/services'
import type { MenuItem } from './menu'
import { useAttempt } from './toasts'

const ICONS: Record<SupervisorAct, Component> = {
  listen: Headset,
  whisper: Microphone,
  barge: PhoneFilled,
  'take-over': Switch,
  'stop-supervising': Mute,
  'hang-up': CircleClose,
}

/** What supervisors do to the call of a seat, each by its permission (SUP-1). */
export function useSupervision() {
  const { t } = useI18n()
  const { api, phone, session } = useServices()
  const attempt = useAttempt()
  const control = new CallControl(api)
  const ownAgent = (): string | null => session.user.value?.agent_id ?? null

  function callItems(row: SeatRow): MenuItem[] {
    const acts = supervisorActs(row, ownAgent(), (permission) => session.may(permission))
    return acts.map((act, index) => item(row, act, index))
  }

  function item(row: SeatRow, act: SupervisorAct, index: number): MenuItem {
    const seatless = needsSeat(act) && !ownAgent()
    return {
      key: `call-${act}`,
      label: t(`supervise.act.${act}`),
      why: seatless ? t('supervise.noSeat') : t(`supervise.effect.${act}`),
      icon: ICONS[act],
      disabled: seatless,
      danger: act === 'hang-up',
      heading: index ? undefined : t('supervise.call'),
      run: () => void (act === 'hang-up' ? hangUp(row) : run(row.call, act)),
    }
  }

  async function run(call: string | null, act: SupervisorAct): Promise<void> {
    if (!call) return
    if (ringsOwnPhone(act)) await phone.connected()
    await attempt(() => control.act(call, act), t(`supervise.done.${act}`))
  }

  async function hangUp({ call, name }: SeatRow): Promise<void> {
    const confirmed = await ElMessageBox.confirm(t('supervise.effect.hang-up'), t('supervise.hangUpAsk', { name }), {
      confirmButtonText: t('supervise.act.hang-up'),
      cancelButtonText: t('action.cancel'),
      confirmButtonClass: 'el-button--danger',
      type: 'warning',
    }).catch(() => false)
    if (confirmed) await run(call, 'hang-up')
  }

  return { callItems }
}
