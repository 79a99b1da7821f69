-- Put jobs whose next try is due back into their queue, each by one worker only.
-- KEYS: 1 scheduled registry (zset job id by due s), 2 queue (list)   ARGV: 1 now in s, 2 prefix of job keys
-- Returns the number of jobs put back. A job that is gone is dropped.
local back = 0
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], 0, ARGV[1])) do
  redis.call('ZREM', KEYS[1], id)
  if redis.call('EXISTS', ARGV[2] .. id) == 1 then
    redis.call('HSET', ARGV[2] .. id, 'status', 'queued')
    redis.call('RPUSH', KEYS[2], id)
    back = back + 1
  end
end
return back
