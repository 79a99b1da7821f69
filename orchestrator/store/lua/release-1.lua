-- Give a lease back.
--
-- KEYS  1 the lease
-- ARGV  1 owner
-- Returns 1 if the owner held it.
local held = redis.call('GET', KEYS[1])
if held and string.match(held, '^%d+ (.*)$') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
