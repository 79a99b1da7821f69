import type { RouteRecordRaw } from 'vue-router'

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
      {
        path: '/settings/companies',
        name: 'config-companies',
        component: () => import('./pages/money/CompaniesPage.vue'),
        meta: { title: 'companies.title', permission: 'billing.edit' },
      },
      {
        path: '/settings/tariffs',
        name: 'config-tariffs',
        component: () => import('./pages/money/TariffsPage.vue'),
        meta: { title: 'tariffs.title', permission: 'billing.edit' },
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
        path: '/settings/retention',
        name: 'config-retention',
        component: () => import('./pages/config/RetentionPage.vue'),
        meta: { title: 'retention.title', permission: 'config.view' },
      },
      {
        path: '/settings/thresholds',
        name: 'config-thresholds',
        component: () => import('./pages/config/ThresholdPage.vue'),
        meta: { title: 'thresholds.title', permission: 'config.view' },
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
        path: '/settings/tokens',
        name: 'config-tokens',
        component: () => import('./pages/TokenPage.vue'),
        props: { company: true },
        meta: { title: 'tokens.titleCompany', permission: 'tokens.manage' },
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
