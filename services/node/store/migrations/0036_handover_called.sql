-- Whether a call is all that confirmed a step: said once. Before the code: a view.

-- One row for each receiving step: called is empty where it was no call, confirmed
-- where the digits or a second signature of the same referral followed, and else open.
CREATE VIEW handover_called AS
SELECT
    b.event_id,
    CASE
        WHEN b.known_by <> 'telephone' THEN ''
        WHEN
            EXISTS (
                SELECT 1 FROM handover_word AS x
                WHERE
                    x.referral_id = b.referral_id
                    AND (x.by_code OR x.signed_by IN ('second_officer', 'thumbprint'))
            )
            THEN 'confirmed'
        ELSE 'open'
    END AS called
FROM handover_word AS b;

GRANT SELECT ON handover_called TO :node_role;
