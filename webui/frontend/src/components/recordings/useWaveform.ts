import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref } from 'vue'
import WaveSurfer from 'wavesurfer.js'
import type { PlayedSound, SoundSource } from '@/api/recordings'
import { useAttempt } from '@/components/toasts'
import { useServices } from '@/services'

/** Height of one channel's waveform, pixels. */
const CHANNEL_PX = 44

/** The server's peaks reach from 0 to this. */
const LOUDEST = 127

/** A link that ends in less than this (s) is not begun to be played from. */
const SPARE_S = 20

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** The colours of a channel: what was heard already is stronger. */
const looks = (own: string) => ({ waveColor: `color-mix(in srgb, ${colour(own)} 45%, transparent)`, progressColor: colour(own) })

const channels = () => [looks('--accent'), looks('--good')]

/** A recording's waveform and sound; the sound is asked for when it is first played, which is noted as listening. */
export function useWaveform(recording: Ref<PlayedSound>, box: Ref<HTMLElement | null>, source: SoundSource, starts = false) {
  const { preferences } = useServices()
  const attempt = useAttempt()
  const surfer = shallowRef<WaveSurfer | null>(null)
  const peaks = shallowRef<number[][]>([])
  const [playing, loading, failed] = [ref(false), ref(true), ref(false)]
  const [time, speed] = [ref(0), ref(1)]
  let expires = 0

  const seconds = (): number => (recording.value.ms ?? 0) / 1000

  async function draw(): Promise<void> {
    failed.value = !(await attempt(async () => {
      peaks.value = await source.peaks(recording.value.recording)
    }))
    loading.value = false
    if (failed.value || !box.value) return
    const made = WaveSurfer.create({
      container: box.value,
      height: CHANNEL_PX,
      peaks: peaks.value.map((channel) => channel.map((value) => value / LOUDEST)),
      duration: seconds(),
      splitChannels: channels().slice(0, peaks.value.length),
      cursorColor: colour('--text'),
      normalize: true,
      barWidth: 2,
      barGap: 1,
      dragToSeek: true,
    })
    made.on('play', () => (playing.value = true))
    made.on('pause', () => (playing.value = false))
    made.on('timeupdate', (now) => (time.value = now))
    surfer.value = made
  }

  /** Have a link that works for a while yet; the place in the sound stays. */
  async function linked(made: WaveSurfer): Promise<boolean> {
    if (Date.now() / 1000 < expires - SPARE_S) return true
    const at = time.value
    return attempt(async () => {
      const link = await source.link(recording.value.recording, 'listen')
      await made.load(
        link.url,
        peaks.value.map((channel) => channel.map((value) => value / LOUDEST)),
        seconds(),
      )
      made.setTime(at)
      made.setPlaybackRate(speed.value, true)
      expires = link.expires
    })
  }

  async function toggle(): Promise<void> {
    const made = surfer.value
    if (!made) return
    if (playing.value) return made.pause()
    for (const other of document.querySelectorAll('audio')) other.pause()
    if (await linked(made)) await attempt(() => made.play())
  }

  function jump(to: number): void {
    surfer.value?.setTime(Math.min(Math.max(0, to), seconds()))
    time.value = surfer.value?.getCurrentTime() ?? 0
  }

  watch(speed, (now) => surfer.value?.setPlaybackRate(now, true))
  watch(preferences.dark, () => surfer.value?.setOptions({ splitChannels: channels().slice(0, peaks.value.length), cursorColor: colour('--text') }), {
    flush: 'post',
  })
  onMounted(() => void draw().then(() => (starts ? toggle() : undefined)))
  onBeforeUnmount(() => surfer.value?.destroy())

  return { playing, loading, failed, time, speed, seconds, toggle, jump, again: draw }
}
