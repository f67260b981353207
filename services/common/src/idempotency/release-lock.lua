-- Releases an in-flight lock if it is still this run's.
-- KEYS[1] the lock  ARGV[1] the run's owner token
-- Result: 1 released, 0 it was another's or gone
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
