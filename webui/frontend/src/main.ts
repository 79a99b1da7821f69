import 'element-plus/dist/index.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/forms.css'
import { io } from 'socket.io-client'
import { computed, createApp, watch } from 'vue'
import { Api, ApiError } from './api/client'
import { Exports } from './api/exports'
import App from './App.vue'
import { LANGUAGE_TAGS, LOCALES, makeI18n } from './i18n'
import { ServerClock } from './live/clock'
import { LiveFeed } from './live/feed'
import { PhoneActions } from './api/phone'
import { Phone } from './phone/phone'
import { makeRouter } from './router'
import { SERVICES } from './services'
import { ExportTray } from './session/exportTray'
import { Names } from './session/names'
import { Preferences } from './session/preferences'
import { Session } from './session/session'

const preferences = new Preferences()
preferences.apply()
const i18n = makeI18n(preferences.locale.value)
watch(preferences.locale, (locale) => (i18n.global.locale.value = locale))

const api = new Api({
  language: () => LANGUAGE_TAGS[preferences.locale.value],
  unreachable: () => i18n.global.t('error.unreachable'),
  loggedOut: () => session.forget(),
})
const session = new Session(api)
const names = new Names(api)
const clock = new ServerClock()
// Websocket alone: long polling would need every request to reach the same web process.
const feed = new LiveFeed(io({ autoConnect: false, transports: ['websocket'] }), clock, () => session.holds(), Date.now, () => session.holds())
const exports = new ExportTray(new Exports(api), (failure) => (failure instanceof ApiError ? failure.message : i18n.global.t('error.unreachable')))
feed.exported = () => exports.hear()
const phone = new Phone(new PhoneActions(api), () => feed.own.value)
phone.announcement = () => i18n.global.t('phone.notify.title', { caller: feed.own.value?.call?.caller || i18n.global.t('phone.notify.withheld') })
const router = makeRouter(session)

// The live connection lives as long as the login; losing the login leads to the log-in page and back afterwards.
const userId = computed(() => session.user.value?.id)
watch(userId, (id, before) => {
  if (id) return begin()
  feed.stop()
  phone.stop()
  names.forget()
  exports.forget()
  const here = router.currentRoute.value
  if (before && !here.meta.open) void router.push({ name: 'login', query: { next: here.fullPath, expired: '1' } })
})

function begin(): void {
  const language = LOCALES.find((locale) => locale === session.user.value?.language)
  if (language) preferences.locale.value = language
  if (session.tenant.value) feed.start()
}

// The phone goes with the seat: at once after a reload, so that a call finds its page again.
watch(
  () => feed.own.value?.row.mode,
  (mode) => mode && (mode === 'web' ? void phone.start() : phone.stop()),
)

// One page rings, whatever browser or machine it is open in: the server says which.
watch(
  () => feed.own.value?.page,
  (page) => page && phone.pageIs(page),
)

// Whoever was added since the last page is known by name on the next.
router.afterEach(() => session.may('names.view') && void names.load())

// A newer version was installed and its predecessor's files are gone: take the new page.
addEventListener('vite:preloadError', () => location.reload())

createApp(App)
  .use(i18n)
  .use(router)
  .provide(SERVICES, { api, session, names, preferences, clock, feed, phone, exports })
  .mount('#app')
