-- Commit one decision, all or nothing.
--
-- KEYS  1 calls  2 agents  3 deadlines  4 events  5 sequence  6 counters  7.. index sorted sets, lists
-- ARGV  1 the plan, JSON:
--   docs    {key, id, expected "version|fence" or "", fence or -1, new "version|fence|json" or ""} ...
--   add     {key, member, score} ...          del  {key, member} ...
--   events  "json" ...                        counts {field, by} ...
--   recent  {key, member, position of the last to be kept, seconds to live} ...: lists, the latest first
--   heads   {waiting key, ready key, members key, queue, random 0..1 or -1 for the lowest score} ...
--   named   so many ready agents of a queue are named where a pair is found
--   standings  so many scores, from 0, members have
--   retry   ms at which an unmatched pair is tried again by whoever is alive
-- Returns {"ok", {call, agent, roster} per head} with "version|fence|json" or "" for nobody; the roster of a pair is
--         JSON {ready: {id, score, ...} best first, standings: {members per score}}, "" without a pair,
--         {"stale"}, or {"fenced", id}.
local plan = cjson.decode(ARGV[1])

local stale = false
for _, doc in ipairs(plan.docs) do
  local value = redis.call('HGET', KEYS[doc[1]], doc[2]) or ''
  local fence = string.match(value, '^%d+|(%d+)|')
  if fence and doc[4] >= 0 and tonumber(fence) > doc[4] then return {'fenced', doc[2]} end
  if (string.match(value, '^(%d+|%d+)|') or '') ~= doc[3] then stale = true end
end
if stale then return {'stale'} end

for _, doc in ipairs(plan.docs) do
  if doc[5] == '' then
    redis.call('HDEL', KEYS[doc[1]], doc[2])
  else
    redis.call('HSET', KEYS[doc[1]], doc[2], doc[5])
  end
end
for _, entry in ipairs(plan.del) do redis.call('ZREM', KEYS[entry[1]], entry[2]) end
for _, entry in ipairs(plan.add) do redis.call('ZADD', KEYS[entry[1]], entry[3], entry[2]) end
for _, count in ipairs(plan.counts) do redis.call('HINCRBY', KEYS[6], count[1], count[2]) end
for _, entry in ipairs(plan.recent) do
  redis.call('LPUSH', KEYS[entry[1]], entry[2])
  redis.call('LTRIM', KEYS[entry[1]], 0, entry[3])
  redis.call('EXPIRE', KEYS[entry[1]], entry[4])
end
for _, event in ipairs(plan.events) do
  redis.call('XADD', KEYS[4], '*', 'n', redis.call('INCR', KEYS[5]), 'e', event)
end

local function roster(ready, members)
  local standings = {}
  for i = 1, plan.standings do standings[i] = redis.call('ZCOUNT', KEYS[members], i - 1, i - 1) end
  local best = redis.call('ZRANGE', KEYS[ready], 0, plan.named - 1, 'WITHSCORES')
  return cjson.encode({ready = best, standings = standings})
end

local heads = {}
for i, head in ipairs(plan.heads) do
  local call = redis.call('ZRANGE', KEYS[head[1]], 0, 0)[1]
  local rank = 0
  if head[5] >= 0 then rank = math.floor(head[5] * redis.call('ZCARD', KEYS[head[2]])) end
  local agent = redis.call('ZRANGE', KEYS[head[2]], rank, rank)[1]
  heads[i] = {
    call and redis.call('HGET', KEYS[1], call) or '',
    agent and redis.call('HGET', KEYS[2], agent) or '',
    call and agent and roster(head[2], head[3]) or '',
  }
  local member = 'match:' .. head[4]
  if call and agent then
    redis.call('ZADD', KEYS[3], 'NX', plan.retry, member)
  else
    redis.call('ZREM', KEYS[3], member)
  end
end
return {'ok', heads}
