import { ref, shallowRef, watch, type Ref } from 'vue'

/** A text that this browser remembers. */
function kept(key: string): Ref<string> {
  const value = ref(localStorage.getItem(`zuoxi.${key}`) ?? '')
  watch(value, (now) => localStorage.setItem(`zuoxi.${key}`, now))
  return value
}

/** Microphones and loudspeakers, and which of them are used; empty is the browser's choice. */
export class Devices {
  readonly microphones = shallowRef<MediaDeviceInfo[]>([])
  readonly speakers = shallowRef<MediaDeviceInfo[]>([])
  readonly microphone = kept('microphone')
  readonly speaker = kept('speaker')
  readonly ringer = kept('ringer')

  constructor(private readonly media: MediaDevices | undefined = navigator.mediaDevices) {
    media?.addEventListener?.('devicechange', () => void this.look())
  }

  /** Open the chosen microphone, or another one where it is gone; rejects as getUserMedia does. */
  async open(): Promise<MediaStream> {
    if (!this.media) throw new DOMException('', 'NotSupportedError')
    const chosen = this.microphone.value
    const wanted = chosen ? { deviceId: { ideal: chosen } } : true
    const stream = await this.media.getUserMedia({ audio: wanted })
    await this.look()
    return stream
  }

  private async look(): Promise<void> {
    const all = (await this.media?.enumerateDevices()) ?? []
    this.microphones.value = all.filter((one) => one.kind === 'audioinput')
    this.speakers.value = all.filter((one) => one.kind === 'audiooutput')
  }
}

/** Whether the microphone may be opened without asking; browsers that don't tell are asked. */
export async function microphoneAllowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' as PermissionName })).state === 'granted'
  } catch {
    return false
  }
}
