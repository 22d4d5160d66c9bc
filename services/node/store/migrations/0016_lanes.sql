-- Envelopes wait in lanes, by the priority of their referral: 0 emergency, 1 urgent,
-- 2 normal. An emergency overtakes what waits for the same member; within a referral
-- nothing overtakes anything.
ALTER TABLE outbox ADD COLUMN lane smallint NOT NULL DEFAULT 2
CHECK (lane BETWEEN 0 AND 2);
CREATE INDEX outbox_in_lanes ON outbox (recipient, lane, number)
WHERE state = 'waiting';
