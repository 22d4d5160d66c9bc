-- Views of the worklist that officers keep. Before the code: a table of its own.

-- One row for each view; its name, which an officer typed, and its filters are sealed.
CREATE TABLE saved_view (
    view_id bytea PRIMARY KEY CHECK (length(view_id) = 16),
    officer text NOT NULL,
    kept_at timestamptz NOT NULL,
    nonce bytea NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX saved_view_of_officer ON saved_view (officer, kept_at, view_id);

GRANT SELECT, INSERT, DELETE ON saved_view TO :node_role;
