-- Gives all markers of a lock a new end, or changes none.
--
-- KEYS      one a seat and leg, seat:{<journeyId>}:<seatId>:<leg>: one journey, so one slot of a cluster
-- ARGV[1]   lock id, the owner token
-- ARGV[2]   time to live in ms from now; 0: no end (the seats are being paid, or sold)
-- Result    0: done. n > 0: KEYS[n] is another lock's, and nothing was written
--
-- A marker that is gone stays gone: it may have been released since the database was asked, and making it anew would
-- keep a free seat from everybody. Where Redis lost it, the sweeper that compares with the claims sets it again.
-- Safe twice: the second run writes the same.
local owners = redis.call("MGET", unpack(KEYS))
for n = 1, #KEYS do
  if owners[n] and owners[n] ~= ARGV[1] then
    return n
  end
end
for n = 1, #KEYS do
  if ARGV[2] == "0" then
    redis.call("PERSIST", KEYS[n])
  else
    redis.call("PEXPIRE", KEYS[n], ARGV[2])
  end
end
return 0
