-- Set money aside for a leg: the first of the amounts that the balance has.
--
-- KEYS  1 the account: available, reserved (millionths), n, terms  2 leg -> what is set aside for it
-- ARGV  1 the leg  2... amounts in all for this leg (millionths), the largest first
-- Returns which amount is set aside (1 = the first), 0 for none, -1 when the account is not known.
local available = tonumber(redis.call('HGET', KEYS[1], 'available'))
if not available then return -1 end
local reserved = tonumber(redis.call('HGET', KEYS[1], 'reserved') or 0)
local held = tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or 0)
for index = 2, #ARGV do
  local more = tonumber(ARGV[index]) - held
  if more <= 0 then return index - 1 end
  if available - reserved >= more then
    redis.call('HSET', KEYS[2], ARGV[1], ARGV[index])
    redis.call('HINCRBY', KEYS[1], 'reserved', string.format('%.0f', more))
    return index - 1
  end
end
return 0
