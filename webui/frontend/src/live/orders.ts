import type { Order } from '@/api/companies'

/** How many of an item are ordered for a day (`2026-11-29`): what came less what was given back. */
export const heldOn = (orders: readonly Order[], item: Order['item'], day: string): number =>
  orders.filter((order) => order.item === item && order.since <= day && (!order.until || day <= order.until)).reduce((sum, order) => sum + order.quantity, 0)
