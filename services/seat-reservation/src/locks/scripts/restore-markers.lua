-- Brings markers in line with the claims in the database, whose word counts: lost ones are set, those of somebody
-- whom the database refused are overwritten, and a sold seat's marker loses its end.
--
-- KEYS          one a seat and leg, seat:{<journeyId>}:<seatId>:<leg>: one journey, so one slot of a cluster
-- ARGV[2n - 1]  lock id that owns KEYS[n]
-- ARGV[2n]      time to live of KEYS[n] in ms; 0: no end
-- Result        how many markers were not as they should be
--
-- Safe twice: the second run finds nothing to do.
local owners = redis.call("MGET", unpack(KEYS))
local repaired = 0
for n = 1, #KEYS do
  local owner, ttl = ARGV[2 * n - 1], ARGV[2 * n]
  if ttl ~= "0" then
    if owners[n] ~= owner then
      redis.call("SET", KEYS[n], owner, "PX", ttl)
      repaired = repaired + 1
    end
  elseif owners[n] ~= owner or redis.call("PTTL", KEYS[n]) ~= -1 then
    redis.call("SET", KEYS[n], owner)
    repaired = repaired + 1
  end
end
return repaired
