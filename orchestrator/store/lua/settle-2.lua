-- Tell the balance after the nth movement, and give back what is set aside for legs that are charged in it.
--
-- KEYS  1 the account: available, reserved (millionths), n, terms  2 leg -> what is set aside for it
-- ARGV  1 n  2 available (millionths)  3 terms (JSON)  4 a mark of the terms of a prepaid account, or empty  5... legs
-- Returns 1, or 0 when a later movement is known already: its balance has the legs' charges too.
local later = tonumber(ARGV[1]) < tonumber(redis.call('HGET', KEYS[1], 'n') or 0)
if not later then
  redis.call('HSET', KEYS[1], 'n', ARGV[1], 'available', ARGV[2], 'terms', ARGV[3], 'prepaid', ARGV[4])
end
for index = 5, #ARGV do
  local held = redis.call('HGET', KEYS[2], ARGV[index])
  if held then
    redis.call('HDEL', KEYS[2], ARGV[index])
    redis.call('HINCRBY', KEYS[1], 'reserved', '-' .. held)
  end
end
return later and 0 or 1
