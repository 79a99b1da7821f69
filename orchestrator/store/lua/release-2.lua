-- Give back what is set aside for legs that never talked.
--
-- KEYS  1 the account: available, reserved (millionths), n, terms  2 leg -> what is set aside for it
-- ARGV  1... legs
-- Returns for how many of them something was given back.
local given = 0
for index = 1, #ARGV do
  local held = redis.call('HGET', KEYS[2], ARGV[index])
  if held then
    redis.call('HDEL', KEYS[2], ARGV[index])
    redis.call('HINCRBY', KEYS[1], 'reserved', '-' .. held)
    given = given + 1
  end
end
return given
