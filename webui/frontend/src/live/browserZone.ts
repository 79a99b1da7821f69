/** The time zone of this browser, for people who belong to no company: operators. */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
