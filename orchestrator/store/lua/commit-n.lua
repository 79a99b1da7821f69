-- Commit one decision, all or nothing.
--
-- KEYS  1 calls  2 agents  3 deadlines  4 events  5 sequence  6 counters  7.. index sorted sets, lists
-- ARGV  1 the plan, JSON:
--   docs    {key, id, expected "version|fence" or "", fence or -1, new "version|fence|json" or ""} ...
--   add     {key, member, score} ...          del  {key, member} ...
--   keep    {key, member, score} ...: added unless it is there
--   seats   {key, newcomers, limit} or {}: so many log in, and more than the limit can't be in
--   purse   {account key, reservations key} or {}: the account has available and reserved (millionths)
--   money   {leg, millionths} ...: set aside for legs, in all, in place of less before; stale where there is not enough
--   back    "leg" ...: nothing is set aside for them any more
--   events  "json" ...                        counts {field, by} ...
--   recent  {key, member, position of the last to be kept, seconds to live} ...: lists, the latest first
--   heads   {waiting key, ready key, members key, queue, random 0..1 or -1 for the lowest score,
--            ms of the first caller's wait after which one more rank is asked, or 0 for all ranks} ...
--   limits  {key, field, most, name, 1 to count one more, seconds to live} ...: a hash's field, or with "" the
--           members of a sorted set; nothing is written where one has reached its most
--   span    sort keys of ready agents are rank from 0 * span + the strategy's; now  ms
--   named   so many ready agents of a queue, and so many others, are named where a pair is found
--   standings  so many scores, from 0, members have
--   retry   ms at which an unmatched pair is tried again by whoever is alive
-- Returns {"ok", {call, agent, roster, due} per head} with "version|fence|json" or "" for nobody,
--         {"stale"}, {"full"}, {"limit", name}, or {"fenced", id}. The roster of a pair is JSON {ready: {id, score, ...}
--         best first, standings: {members per score}, others: {id: score} of members who are not ready, those who are
--         logged in before others}, "" without a pair; due is the ms at which the best ready agent's rank will be
--         asked for the first caller, 0 when nobody waits for that.
local plan = cjson.decode(ARGV[1])

local stale = false
for _, doc in ipairs(plan.docs) do
  local value = redis.call('HGET', KEYS[doc[1]], doc[2]) or ''
  local fence = string.match(value, '^%d+|(%d+)|')
  if fence and doc[4] >= 0 and tonumber(fence) > doc[4] then return {'fenced', doc[2]} end
  if (string.match(value, '^(%d+|%d+)|') or '') ~= doc[3] then stale = true end
end
if stale then return {'stale'} end

local purse, needed = plan.purse, 0
local function held(leg) return tonumber(redis.call('HGET', KEYS[purse[2]], leg) or 0) end
for _, entry in ipairs(plan.money) do needed = needed + math.max(0, tonumber(entry[2]) - held(entry[1])) end
if needed > 0 then
  local account = redis.call('HMGET', KEYS[purse[1]], 'available', 'reserved')
  if tonumber(account[1] or 0) - tonumber(account[2] or 0) < needed then return {'stale'} end
end

local seats = plan.seats
if seats[1] and redis.call('ZCARD', KEYS[seats[1]]) + seats[2] > seats[3] then return {'full'} end
for _, limit in ipairs(plan.limits) do
  local now = limit[2] == '' and redis.call('ZCARD', KEYS[limit[1]]) or redis.call('HGET', KEYS[limit[1]], limit[2])
  if tonumber(now or 0) >= tonumber(limit[3]) then return {'limit', limit[4]} end
end
for _, limit in ipairs(plan.limits) do
  if limit[5] == 1 then
    redis.call('HINCRBY', KEYS[limit[1]], limit[2], 1)
    redis.call('EXPIRE', KEYS[limit[1]], limit[6])
  end
end

for _, doc in ipairs(plan.docs) do
  if doc[5] == '' then
    redis.call('HDEL', KEYS[doc[1]], doc[2])
  else
    redis.call('HSET', KEYS[doc[1]], doc[2], doc[5])
  end
end
local function set_aside(leg, amount)
  redis.call('HINCRBY', KEYS[purse[1]], 'reserved', string.format('%.0f', amount - held(leg)))
  if amount > 0 then
    redis.call('HSET', KEYS[purse[2]], leg, string.format('%.0f', amount))
  else
    redis.call('HDEL', KEYS[purse[2]], leg)
  end
end
for _, entry in ipairs(plan.money) do
  if tonumber(entry[2]) > held(entry[1]) then set_aside(entry[1], tonumber(entry[2])) end
end
for _, leg in ipairs(plan.back) do
  if held(leg) > 0 then set_aside(leg, 0) end
end
for _, entry in ipairs(plan.del) do redis.call('ZREM', KEYS[entry[1]], entry[2]) end
for _, entry in ipairs(plan.add) do redis.call('ZADD', KEYS[entry[1]], entry[3], entry[2]) end
for _, entry in ipairs(plan.keep) do redis.call('ZADD', KEYS[entry[1]], 'NX', entry[3], entry[2]) end
for _, count in ipairs(plan.counts) do redis.call('HINCRBY', KEYS[6], count[1], count[2]) end
for _, entry in ipairs(plan.recent) do
  redis.call('LPUSH', KEYS[entry[1]], entry[2])
  redis.call('LTRIM', KEYS[entry[1]], 0, entry[3])
  redis.call('EXPIRE', KEYS[entry[1]], entry[4])
end
for _, event in ipairs(plan.events) do
  redis.call('XADD', KEYS[4], '*', 'n', redis.call('INCR', KEYS[5]), 'e', event)
end

-- Members who are not ready (score 1) by name: those who are logged in (2 and more), then those who are not (0).
local function others(members)
  local named, left = {}, plan.named
  for _, scores in ipairs({{2, '+inf'}, {0, 0}}) do
    local found = redis.call('ZRANGEBYSCORE', KEYS[members], scores[1], scores[2], 'WITHSCORES', 'LIMIT', 0, left)
    for i = 1, #found, 2 do named[found[i]] = tonumber(found[i + 1]) end
    left = left - #found / 2
  end
  return named
end

local function roster(ready, members)
  local standings = {}
  for i = 1, plan.standings do standings[i] = redis.call('ZCOUNT', KEYS[members], i - 1, i - 1) end
  local best = redis.call('ZRANGE', KEYS[ready], 0, plan.named - 1, 'WITHSCORES')
  return cjson.encode({ready = best, standings = standings, others = others(members)})
end

-- The best ready agent and the rank (from 0); where chance decides, any of the lowest rank.
local function best(ready, random)
  local lowest = redis.call('ZRANGE', KEYS[ready], 0, 0, 'WITHSCORES')
  if not lowest[1] then return nil, 0 end
  local rank = math.floor(tonumber(lowest[2]) / plan.span)
  if random < 0 then return lowest[1], rank end
  local count = redis.call('ZCOUNT', KEYS[ready], '-inf', string.format('(%.0f', (rank + 1) * plan.span))
  local place = math.floor(random * count)
  return redis.call('ZRANGE', KEYS[ready], place, place)[1], rank
end

local heads = {}
for i, head in ipairs(plan.heads) do
  local first = redis.call('ZRANGE', KEYS[head[1]], 0, 0, 'WITHSCORES')
  local call, place = first[1], first[2]
  local agent, rank = best(head[2], head[5])
  local due = call and agent and tonumber(place) % 10 ^ 13 + rank * head[6] or 0
  if due > plan.now and rank * head[6] > 0 then agent = nil else due = 0 end
  heads[i] = {
    call and redis.call('HGET', KEYS[1], call) or '',
    agent and redis.call('HGET', KEYS[2], agent) or '',
    call and agent and roster(head[2], head[3]) or '',
    due,
  }
  local member = 'match:' .. head[4]
  if call and agent then
    redis.call('ZADD', KEYS[3], 'LT', plan.retry, member)
  elseif due > 0 then
    redis.call('ZADD', KEYS[3], string.format('%.0f', due), member)
  else
    redis.call('ZREM', KEYS[3], member)
  end
end
return {'ok', heads}
