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
local token = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], token .. ' ' .. ARGV[1], 'PX', ARGV[2])
return token
