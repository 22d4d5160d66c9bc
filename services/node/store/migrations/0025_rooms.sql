-- How much of one member this node keeps is counted by member. Before the code: two
-- indexes, which the version before does not miss.

CREATE INDEX envelope_received_of_sender ON envelope_received (sender, received_at);
CREATE INDEX attachment_of_source ON attachment (source) WHERE remote_id IS NOT NULL;
