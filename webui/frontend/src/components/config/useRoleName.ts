import type { ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Role } from '@/api/team'

/** What a role is called: prepared ones have a text, the company's own their name. */
export function useRoleName(roles: ShallowRef<Role[]>) {
  const { t } = useI18n()
  return (key: string): string => {
    const role = roles.value.find((one) => one.key === key)
    return role && !role.prepared ? role.name : t(`roleName.${key}`)
  }
}
