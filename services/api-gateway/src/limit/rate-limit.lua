-- Takes requests out of sliding windows: each request one out of all its windows, or out of none.
-- KEYS     windows, each once: a string "<number of the window> <current> <previous>"
-- ARGV[1]  milliseconds since the epoch; 0: Redis' own clock (always, except in tests)
-- ARGV[2]  for each key: limit, window in milliseconds
-- ARGV[3]  for each request: how many windows, and for each of them its place in KEYS
--          (lists of numbers in one string each: dozens of arguments would cost the sender more than this costs here)
-- Answers  for each request: 1 or 0 (granted), and for each of its windows: remaining, milliseconds until one more
-- The same arithmetic as domain/sliding-window.ts; all pods count here, so the limits hold over any number of them.
local now_ms = tonumber(ARGV[1])
if now_ms == 0 then
  local time = redis.call('TIME')
  now_ms = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function numbers(text)
  local list = {}
  for each in string.gmatch(text, '%d+') do list[#list + 1] = tonumber(each) end
  return list
end
local quotas = numbers(ARGV[2])
local wanted = numbers(ARGV[3])

local stored = redis.call('MGET', unpack(KEYS))
local windows = {}
for i = 1, #KEYS do
  local length_ms = quotas[2 * i]
  local number = math.floor(now_ms / length_ms)
  local window = { limit = quotas[2 * i - 1], length_ms = length_ms, number = number,
                   elapsed_ms = now_ms % length_ms, current = 0, previous = 0, taken = false }
  if stored[i] then
    local at, current, previous = string.match(stored[i], '^(%d+) (%d+) (%d+)$')
    if tonumber(at) == number then
      window.current, window.previous = tonumber(current), tonumber(previous)
    elseif tonumber(at) == number - 1 then
      window.previous = tonumber(current)
    end
  end
  windows[i] = window
end

local function free_in(w)
  local left = w.previous * (w.length_ms - w.elapsed_ms) / w.length_ms
  return math.max(0, math.floor(w.limit - w.current - left))
end

local function retry_ms(w)
  local in_this = w.limit - 1 - w.current
  if in_this >= 0 and w.previous > 0 then
    local at = math.ceil(w.length_ms - in_this * w.length_ms / w.previous)
    if at < w.length_ms then return math.max(1, at - w.elapsed_ms) end
  end
  local in_next = 0
  if w.current > 0 then in_next = w.length_ms - (w.limit - 1) * w.length_ms / w.current end
  return w.length_ms - w.elapsed_ms + math.max(0, math.ceil(in_next))
end

local answer = {}
local at = 1
while at <= #wanted do
  local count = wanted[at]
  local granted = 1
  for j = 1, count do
    if free_in(windows[wanted[at + j]]) < 1 then granted = 0 end
  end
  answer[#answer + 1] = granted
  for j = 1, count do
    local w = windows[wanted[at + j]]
    if granted == 1 then w.current, w.taken = w.current + 1, true end
    local remaining = free_in(w)
    answer[#answer + 1] = remaining
    answer[#answer + 1] = remaining > 0 and 0 or retry_ms(w)
  end
  at = at + count + 1
end

for i = 1, #KEYS do
  local w = windows[i]
  if w.taken then
    -- Two windows on, neither number is looked at any more.
    local value = string.format('%d %d %d', w.number, w.current, w.previous)
    redis.call('SET', KEYS[i], value, 'PX', 2 * w.length_ms + 500)
  end
end
return answer
