import { onBeforeUnmount, onMounted, ref } from 'vue'

const wall = ref(false)

/** Wall mode: the page alone, full screen, in large type; leaving full screen (Escape) leaves it. */
export function useWallMode() {
  const onChange = (): void => {
    if (!document.fullscreenElement) wall.value = false
  }
  onMounted(() => document.addEventListener('fullscreenchange', onChange))
  onBeforeUnmount(() => document.removeEventListener('fullscreenchange', onChange))

  async function toggle(): Promise<void> {
    wall.value = !wall.value
    if (wall.value) await document.documentElement.requestFullscreen()
    else if (document.fullscreenElement) await document.exitFullscreen()
  }
  return { wall, toggle }
}
