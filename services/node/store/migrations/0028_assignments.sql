-- Which officer a piece of work is assigned to. Before the code: a table of its own.

-- Append-only. A supervisor assigned a case, or a referral that has no case here yet, to
-- an officer, or took that back (officer is null): the newest row of it stands. Rows
-- of one request were written together. Instants are on the case clock.
CREATE TABLE assignment (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id bytea NOT NULL CHECK (length(request_id) = 16),
    case_id bytea REFERENCES cases,
    referral_id bytea REFERENCES referral,
    officer text,
    assigned_by text NOT NULL,
    assigned_unit text NOT NULL,
    assigned_at timestamptz NOT NULL,
    CHECK (num_nonnulls(case_id, referral_id) = 1)
);
CREATE INDEX assignment_of_request ON assignment (request_id);
CREATE INDEX assignment_of_case ON assignment (case_id, number DESC)
WHERE case_id IS NOT NULL;
CREATE INDEX assignment_of_referral ON assignment (referral_id, number DESC)
WHERE referral_id IS NOT NULL;

GRANT SELECT, INSERT ON assignment TO :node_role;
