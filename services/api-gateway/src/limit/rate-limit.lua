-- Takes up to ARGV[2] requests out of an address's sliding window of one second.
-- KEYS[1]  hash {second, current, previous} of the address
-- ARGV[1]  limit a second
-- ARGV[2]  requests asked for
-- ARGV[3]  milliseconds since the epoch; 0: Redis' own clock (always, except in tests)
-- Answers  {granted, remaining, milliseconds until one more would be granted}
-- The same arithmetic as domain/sliding-window.ts; all pods count here, so the limit holds over any number of them.
local limit = tonumber(ARGV[1])
local asked = tonumber(ARGV[2])
local now_ms = tonumber(ARGV[3])
if now_ms == 0 then
  local time = redis.call('TIME')
  now_ms = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local second = math.floor(now_ms / 1000)
local elapsed_ms = now_ms % 1000

local stored = redis.call('HMGET', KEYS[1], 'second', 'current', 'previous')
local current = tonumber(stored[2] or '0')
local previous = tonumber(stored[3] or '0')
local stored_second = tonumber(stored[1] or '-1')
if stored_second ~= second then
  if stored_second == second - 1 then previous = current else previous = 0 end
  current = 0
end

local free = math.floor(limit - current - previous * (1000 - elapsed_ms) / 1000)
local granted = math.max(0, math.min(asked, free))
current = current + granted
local remaining = math.max(0, free - granted)

if granted > 0 then
  redis.call('HSET', KEYS[1], 'second', second, 'current', current, 'previous', previous)
  -- Two seconds on, neither number is looked at any more.
  redis.call('PEXPIRE', KEYS[1], 2500)
end

local retry_ms = 0
if remaining == 0 then
  local in_this = limit - 1 - current
  local at = 1000
  if in_this >= 0 and previous > 0 then at = math.ceil(1000 - in_this * 1000 / previous) end
  if at < 1000 then
    retry_ms = math.max(1, at - elapsed_ms)
  else
    at = 0
    if current > 0 then at = math.ceil(1000 - (limit - 1) * 1000 / current) end
    retry_ms = 1000 - elapsed_ms + math.max(0, at)
  end
end
return {granted, remaining, retry_ms}
