-- What needs attention is asked for with every look at the work of the day. Before
-- the code: only indexes, which the version before does not miss.
CREATE INDEX recall_taken_newest ON recall_taken (taken_at DESC);
CREATE INDEX disclosure_report_by_day ON disclosure_report (reported_at DESC);
