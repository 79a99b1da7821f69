import type { RouteRecordRaw } from 'vue-router'

/** One thing of a list, or a new one (`new`). */
export const EDITORS: RouteRecordRaw[] = [
  {
    path: '/settings/pieces',
    name: 'config-pieces',
    component: () => import('./pages/config/PieceList.vue'),
    meta: { title: 'pieces.title', permission: 'prompts.view' },
  },
  {
    path: '/settings/numbers/:id',
    name: 'config-number',
    component: () => import('./pages/config/NumberEditor.vue'),
    props: true,
    meta: { title: 'numbers.title', permission: 'config.view' },
  },
  {
    path: '/settings/hours/:id',
    name: 'config-hour',
    component: () => import('./pages/config/HoursEditor.vue'),
    props: true,
    meta: { title: 'hoursForm.title', permission: 'config.view' },
  },
  {
    path: '/settings/ivrs/:id',
    name: 'config-ivr',
    component: () => import('./pages/config/IvrEditor.vue'),
    props: true,
    meta: { title: 'ivr.title', permission: 'config.view' },
  },
  {
    path: '/settings/companies/:id',
    name: 'config-company',
    component: () => import('./pages/money/CompanyPage.vue'),
    props: true,
    meta: { title: 'companies.title', permission: 'billing.edit' },
  },
  {
    path: '/settings/tariffs/:id',
    name: 'config-tariff',
    component: () => import('./pages/money/TariffPage.vue'),
    props: true,
    meta: { title: 'tariffs.title', permission: 'billing.edit' },
  },
  {
    path: '/settings/queues/:id',
    name: 'config-queue',
    component: () => import('./pages/config/QueueEditor.vue'),
    props: true,
    meta: { title: 'queueForm.title', permission: 'config.view' },
  },
]
