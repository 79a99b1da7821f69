import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'
import type { Permission } from './api/types'
import type { Session } from './session/session'
import { EDITORS } from './settingsEditors'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's title. */
    title?: string
    /** Needed to see the page. */
    permission?: Permission
    /** Shown without a login. */
    open?: boolean
    /** For call agents only. */
    agent?: boolean
  }
}

/** The pages of the side navigation, in order. */
export const PAGES: RouteRecordRaw[] = [
  {
    path: '/desk',
    name: 'desk',
    component: () => import('./pages/AgentDesk.vue'),
    meta: { title: 'desk.title', permission: 'own_state.change', agent: true },
  },
  {
    path: '/seats',
    name: 'seats',
    component: () => import('./pages/SeatMonitor.vue'),
    meta: { title: 'seats.title', permission: 'seats.view' },
  },
  {
    path: '/queues',
    name: 'queues',
    component: () => import('./pages/QueueMonitor.vue'),
    meta: { title: 'queues.title', permission: 'calls.view_queue_monitor' },
  },
  {
    path: '/calls',
    name: 'calls',
    component: () => import('./pages/CallList.vue'),
    meta: { title: 'calls.title', permission: 'records.view' },
  },
  {
    path: '/customers',
    name: 'customers',
    component: () => import('./pages/CustomerPage.vue'),
    meta: { title: 'customers.title', permission: 'customers.view' },
  },
  {
    path: '/callbacks',
    name: 'callbacks',
    component: () => import('./pages/CallbackPage.vue'),
    meta: { title: 'callbacks.title', permission: 'calls.view_live' },
  },
  { path: '/voicemail', name: 'voicemail', component: () => import('./pages/VoicemailPage.vue'), meta: { title: 'voicemail.title', permission: 'voicemail.view' } },
  {
    path: '/state-log',
    name: 'state-log',
    component: () => import('./pages/StateLogPage.vue'),
    meta: { title: 'stateLog.title', permission: 'state_log.view' },
  },
  {
    path: '/reports',
    name: 'reports',
    component: () => import('./pages/ReportPage.vue'),
    meta: { title: 'reports.title', permission: 'reports.view' },
  },
]

/** The pages of the settings, as the settings' own navigation groups them. */
export const SETTINGS: { key: string; pages: RouteRecordRaw[] }[] = [
  {
    key: 'reception',
    pages: [
      {
        path: '/settings/numbers',
        name: 'config-numbers',
        component: () => import('./pages/config/NumberList.vue'),
        meta: { title: 'numbers.title', permission: 'config.view' },
      },
      {
        path: '/settings/hours',
        name: 'config-hours',
        component: () => import('./pages/config/HoursList.vue'),
        meta: { title: 'hoursList.title', permission: 'config.view' },
      },
      {
        path: '/settings/ivrs',
        name: 'config-ivrs',
        component: () => import('./pages/config/IvrList.vue'),
        meta: { title: 'ivr.title', permission: 'config.view' },
      },
      {
        path: '/settings/queues',
        name: 'config-queues',
        component: () => import('./pages/config/QueueList.vue'),
        meta: { title: 'queueList.title', permission: 'config.view' },
      },
      {
        path: '/settings/mobile',
        name: 'config-mobile',
        component: () => import('./pages/config/MobilePage.vue'),
        meta: { title: 'mobile.title', permission: 'config.view' },
      },
      {
        path: '/settings/messages',
        name: 'config-messages',
        component: () => import('./pages/config/MessagePage.vue'),
        meta: { title: 'messageRules.title', permission: 'config.view' },
      },
      {
        path: '/settings/sounds',
        name: 'config-sounds',
        component: () => import('./pages/config/SoundList.vue'),
        meta: { title: 'sounds.title', permission: 'prompts.view' },
      },
      {
        path: '/settings/recording',
        name: 'config-recording',
        component: () => import('./pages/config/RecordingPage.vue'),
        meta: { title: 'recordPolicy.title', permission: 'config.view' },
      },
      {
        path: '/settings/priority-callers',
        name: 'config-callers',
        component: () => import('./pages/config/CallerPriorityPage.vue'),
        meta: { title: 'callerPriorities.title', permission: 'config.view' },
      },
      {
        path: '/settings/blacklist',
        name: 'config-blacklist',
        component: () => import('./pages/config/BlacklistPage.vue'),
        meta: { title: 'blacklist.title', permission: 'blacklist.view' },
      },
    ],
  },
  {
    key: 'calling',
    pages: [
      {
        path: '/settings/calling-out',
        name: 'config-calling-out',
        component: () => import('./pages/config/CallingOutPage.vue'),
        meta: { title: 'callingOut.title', permission: 'config.view' },
      },
    ],
  },
  {
    key: 'team',
    pages: [
      {
        path: '/settings/team',
        name: 'config-team',
        component: () => import('./pages/config/PeoplePage.vue'),
        meta: { title: 'team.title', permission: 'team.view' },
      },
      {
        path: '/settings/seats',
        name: 'config-seats',
        component: () => import('./pages/config/SeatsPage.vue'),
        meta: { title: 'seatList.title', permission: 'team.view' },
      },
      {
        path: '/settings/groups',
        name: 'config-groups',
        component: () => import('./pages/config/GroupsPage.vue'),
        meta: { title: 'group.title', permission: 'team.view' },
      },
      {
        path: '/settings/roles',
        name: 'config-roles',
        component: () => import('./pages/config/RolesPage.vue'),
        meta: { title: 'roles.title', permission: 'team.view' },
      },
    ],
  },
  {
    key: 'money',
    pages: [
      {
        path: '/settings/billing',
        name: 'config-billing',
        component: () => import('./pages/config/BillingPage.vue'),
        meta: { title: 'billing.title', permission: 'billing.view' },
      },
    ],
  },
  {
    key: 'system',
    pages: [
      {
        path: '/settings/general',
        name: 'config-general',
        component: () => import('./pages/config/GeneralPage.vue'),
        meta: { title: 'general.title', permission: 'config.view' },
      },
      {
        path: '/settings/notices',
        name: 'config-notices',
        component: () => import('./pages/config/NoticePage.vue'),
        meta: { title: 'notices.title', permission: 'config.view' },
      },
      {
        path: '/settings/webhooks',
        name: 'config-webhooks',
        component: () => import('./pages/config/WebhookPage.vue'),
        meta: { title: 'webhooks.title', permission: 'webhooks.view' },
      },
      {
        path: '/settings/jobs',
        name: 'config-jobs',
        component: () => import('./pages/config/JobsPage.vue'),
        meta: { title: 'jobs.title', permission: 'jobs.view' },
      },
      {
        path: '/settings/audit',
        name: 'config-audit',
        component: () => import('./pages/config/AuditPage.vue'),
        meta: { title: 'audit.title', permission: 'audit.view' },
      },
    ],
  },
]
const SETTINGS_PAGES = SETTINGS.flatMap((group) => group.pages)

const FRAMED: RouteRecordRaw[] = [
  ...PAGES,
  { path: '/settings', name: 'settings', component: () => import('./components/SettingsFrame.vue'), children: [...SETTINGS_PAGES, ...EDITORS] },
  {
    path: '/calls/:id',
    name: 'call',
    component: () => import('./pages/CallDetail.vue'),
    props: true,
    meta: { title: 'call.title', permission: 'records.view' },
  },
  { path: '/', name: 'home', component: () => import('./pages/HomePage.vue'), meta: { title: 'home.title' } },
  { path: '/403', name: 'forbidden', component: () => import('./pages/Forbidden.vue'), meta: { title: 'forbidden.title' } },
  { path: '/:path(.*)*', name: 'missing', component: () => import('./pages/NotFound.vue'), meta: { title: 'missing.title' } },
]

/** Whether a page is offered to whoever is logged in. */
export const offered = (session: Session, page: RouteRecordRaw): boolean =>
  Boolean(page.meta?.permission && session.may(page.meta.permission) && (!page.meta.agent || session.user.value?.agent_id))

export function makeRouter(session: Session): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/login', name: 'login', component: () => import('./pages/LogIn.vue'), meta: { title: 'login.title', open: true } },
      { path: '/', component: () => import('./components/AppFrame.vue'), children: FRAMED },
    ],
  })
  router.beforeEach(async (to) => {
    if (to.meta.open) return true
    await session.ready()
    if (!session.user.value) return { name: 'login', query: to.path === '/' ? {} : { next: to.fullPath } }
    if (to.meta.permission && !session.may(to.meta.permission)) return { name: 'forbidden', query: { page: to.path } }
    const places = to.name === 'home' ? [...PAGES, ...SETTINGS_PAGES] : to.name === 'settings' ? SETTINGS_PAGES : []
    const first = places.find((page) => offered(session, page))
    if (first) return { name: first.name }
    return to.name === 'settings' ? { name: 'forbidden', query: { page: to.path } } : true
  })
  return router
}
