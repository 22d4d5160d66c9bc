-- A follow-up is no version of what stands about services and plan (D11): it stands
-- beside it. Before the code: the version before leaves the column as it is. Those that
-- were noted until now are known by the event with which they were written.

ALTER TABLE case_record ADD COLUMN follow_up boolean NOT NULL DEFAULT false;

UPDATE case_record AS r SET follow_up = true
FROM event AS e
WHERE
    r.category = 'D11' AND e.step = 'follow_up_recorded'
    AND e.case_id = r.case_id AND e.author = r.source
    AND e.actor = r.recorded_by AND e.recorded_at = r.recorded_at;
