-- Ends that are told again, since a message may be lost even after its confirm: confirmed without a word of tickets, and taken back
-- not long ago. Both leave the index soon, so it stays small.
CREATE INDEX bookings_untold ON bookings (sweep_after)
  WHERE (status = 'CONFIRMED' AND ticket_ids = '{}')
    OR (status IN ('CANCELLED', 'REFUNDED') AND sweep_after < 'infinity');
-- What ended before this was told when it ended.
UPDATE bookings SET sweep_after = 'infinity' WHERE status IN ('CANCELLED', 'REFUNDED');
