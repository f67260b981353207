-- Marks all seats of a request for one lock, or none of them.
--
-- KEYS      one a seat and leg, seat:{<journeyId>}:<seatId>:<leg>: one journey, so one slot of a cluster
-- ARGV[1]   lock id, the owner token: a successor's marker can never be taken for one's own
-- ARGV[2]   time to live in ms
-- Result    0: every key is this lock's. n > 0: KEYS[n] is another lock's, and nothing was written
--
-- Safe twice for one lock id: its own keys are left as they are, with the time that they have.
local owners = redis.call("MGET", unpack(KEYS))
for n = 1, #KEYS do
  if owners[n] and owners[n] ~= ARGV[1] then
    return n
  end
end
for n = 1, #KEYS do
  if not owners[n] then
    redis.call("SET", KEYS[n], ARGV[1], "PX", ARGV[2])
  end
end
return 0
