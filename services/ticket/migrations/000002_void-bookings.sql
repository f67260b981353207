-- For the look at tickets that are good though their booking is void: there are few of these, and none of those.
CREATE INDEX ticket_bookings_void ON ticket_bookings (booking_id) WHERE void;
