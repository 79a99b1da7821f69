import { Calls, type CallFilter, type CallRecord } from '@/api/calls'
import { useServices } from '@/services'
import { usePagedList } from './usePagedList'

/** The call list, page by page. */
export function useCallList() {
  const calls = new Calls(useServices().api)
  return usePagedList<CallRecord, CallFilter>((filter, cursor, signal) => calls.list(filter, cursor, signal))
}
