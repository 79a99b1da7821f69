-- Take or renew a lease.
--
-- KEYS  1 the lease  2 the counter of fencing tokens
-- ARGV  1 owner  2 lifetime in ms
-- Returns the fencing token while the owner holds the lease, 0 while somebody else does.
local held = redis.call('GET', KEYS[1])
if held then
  local token, owner = string.match(held, '^(%d+) (.*)$')
  if owner ~= ARGV[1] then return 0 end
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return tonumber(token)
end
-- Tokens grow for ever, also after Redis has lost the counter: never below its clock in ms.
local now = redis.call('TIME')
local token = math.max(redis.call('INCR', KEYS[2]), now[1] * 1000 + math.floor(now[2] / 1000))
redis.call('SET', KEYS[2], string.format('%d', token))
redis.call('SET', KEYS[1], string.format('%d %s', token, ARGV[1]), 'PX', ARGV[2])
return token
