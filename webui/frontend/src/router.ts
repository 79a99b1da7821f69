import { createRouter, createWebHistory, type Router, type RouteRecordRaw } from 'vue-router'
import type { Permission } from './api/types'
import type { Session } from './session/session'
import { EDITORS } from './settingsEditors'
import { SETTINGS } from './settingsRoutes'

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
  { path: '/reports/by-mail', name: 'report-mails', component: () => import('./pages/ReportMailPage.vue'), meta: { title: 'reportMails.title', permission: 'reports.schedule' } },
  { path: '/tokens', name: 'tokens', component: () => import('./pages/TokenPage.vue'), meta: { title: 'tokens.title', permission: 'own_account.use' } },
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
      { path: '/choose-password', name: 'choose-password', component: () => import('./pages/ChoosePassword.vue'), meta: { title: 'passwords.choose', open: true } },
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
