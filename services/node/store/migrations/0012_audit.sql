-- What an auditor looks through, and the end of the access log's life.

-- A reading copy of the ledger, filed after it: what an entry is and with whom.
-- filed_at is the case clock of the entry, and never before that of the entry before
-- it; an entry without an instant has that of the one before it.
CREATE TABLE ledger_entry (
    index bigint PRIMARY KEY,
    kind text NOT NULL,
    member text NOT NULL,
    filed_at timestamptz NOT NULL
);
CREATE INDEX ledger_entry_of_kind ON ledger_entry (kind, index);
CREATE INDEX ledger_entry_of_member ON ledger_entry (member, index);
CREATE INDEX ledger_entry_of_both ON ledger_entry (member, kind, index);
CREATE INDEX ledger_entry_filed ON ledger_entry (filed_at, index);

-- What needs an auditor's eye is a small part of what ever was.
CREATE INDEX override_unreviewed ON emergency_override (recorded_at)
WHERE reviewed_at IS NULL;
CREATE INDEX cases_unconfirmed ON cases (case_id)
WHERE answerable = 'handed_unconfirmed';
CREATE INDEX timer_rang ON timer (started_at, timer_id)
WHERE stopped_at IS NULL AND fired > 0;
CREATE INDEX timer_by_deadline ON timer (deadline, stopped_at, due_at);

CREATE INDEX access_at ON access (at, number);
CREATE INDEX access_refused ON access (number) WHERE outcome <> 'ok';

-- Append-only. Looks that were deleted because they were too old, run by run. digest
-- is over the rows that went, chain over the run and the chain of the run before, so
-- that a run cannot be taken out or changed unseen. Wire clock.
CREATE TABLE access_pruning (
    number bigint PRIMARY KEY,
    first_number bigint NOT NULL,
    last_number bigint NOT NULL,
    looks bigint NOT NULL,
    oldest_at timestamptz NOT NULL,
    newest_at timestamptz NOT NULL,
    pruned_at timestamptz NOT NULL,
    digest bytea NOT NULL CHECK (length(digest) = 32),
    chain bytea NOT NULL CHECK (length(chain) = 32)
);

-- Deletes the oldest looks that are older than five years and than $1, $2 at most, and
-- keeps how many and which. The node may delete a look in no other way.
CREATE FUNCTION prune_access(older_than timestamptz, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
SET timezone = 'UTC'
SET bytea_output = 'hex'
SET datestyle = 'ISO, YMD'
AS $$
DECLARE
    run access_pruning;
    gone text;
BEGIN
    -- One run at a time: each chains to the one before.
    LOCK TABLE access_pruning IN SHARE ROW EXCLUSIVE MODE;
    WITH old AS (
        SELECT a.number FROM access AS a
        WHERE a.at < least(older_than, now() - interval '5 years')
        ORDER BY a.at, a.number
        LIMIT most
    ), deleted AS (
        DELETE FROM access AS a USING old WHERE a.number = old.number
        RETURNING a.number, a.at, a::text AS row_text
    )
    SELECT
        min(d.number), max(d.number), count(*), min(d.at), max(d.at),
        string_agg(encode(sha256(convert_to(d.row_text, 'UTF8')), 'hex'), ','
            ORDER BY d.number)
    INTO
        run.first_number, run.last_number, run.looks, run.oldest_at, run.newest_at,
        gone
    FROM deleted AS d;
    IF run.looks = 0 THEN
        RETURN 0;
    END IF;
    SELECT p.number + 1, p.chain INTO run.number, run.chain
    FROM access_pruning AS p ORDER BY p.number DESC LIMIT 1;
    run.number := coalesce(run.number, 1);
    run.pruned_at := now();
    run.digest := sha256(convert_to(gone, 'UTF8'));
    run.chain := sha256(convert_to(concat_ws(
        ',', run.number, run.first_number, run.last_number, run.looks,
        (extract(epoch FROM run.oldest_at) * 1000000)::bigint,
        (extract(epoch FROM run.newest_at) * 1000000)::bigint,
        (extract(epoch FROM run.pruned_at) * 1000000)::bigint,
        encode(run.digest, 'hex'), coalesce(encode(run.chain, 'hex'), '')
    ), 'UTF8'));
    INSERT INTO access_pruning (
        number, first_number, last_number, looks, oldest_at, newest_at, pruned_at,
        digest, chain
    ) VALUES (
        run.number, run.first_number, run.last_number, run.looks, run.oldest_at,
        run.newest_at, run.pruned_at, run.digest, run.chain
    );
    RETURN run.looks;
END
$$;
REVOKE ALL ON FUNCTION prune_access(timestamptz, integer) FROM PUBLIC;

GRANT SELECT, INSERT ON ledger_entry TO :node_role;
GRANT SELECT ON access_pruning TO :node_role;
GRANT EXECUTE ON FUNCTION prune_access(timestamptz, integer) TO :node_role;
