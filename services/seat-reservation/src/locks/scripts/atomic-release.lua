-- Lets go of every marker that still is this lock's, in one step. A marker of another lock is never touched, so a late
-- release can't free a successor's seat.
--
-- KEYS      one a seat and leg, seat:{<journeyId>}:<seatId>:<leg>: one journey, so one slot of a cluster
-- ARGV[1]   lock id, the owner token
-- Result    how many markers were let go
--
-- Safe twice: the second run finds nothing.
local owners = redis.call("MGET", unpack(KEYS))
local own = {}
for n = 1, #KEYS do
  if owners[n] == ARGV[1] then
    own[#own + 1] = KEYS[n]
  end
end
if #own == 0 then
  return 0
end
return redis.call("DEL", unpack(own))
