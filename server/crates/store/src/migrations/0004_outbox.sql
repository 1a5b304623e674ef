-- Mail and SMS on their way. `body` is sealed, and gone with the last attempt.

CREATE TABLE outbox (
    id {text} NOT NULL PRIMARY KEY,
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    channel {text} NOT NULL,
    purpose {text} NOT NULL,
    state {text} NOT NULL,
    attempts {int} NOT NULL,
    created_at {int} NOT NULL,
    -- When it is tried next; while it is leased, when the lease ends.
    due_at {int} NOT NULL,
    useful_until {int} NOT NULL,
    expires_at {int} NOT NULL,
    lease {text},
    last_error {text},
    body {bytes}
) {rowid_table};
CREATE INDEX outbox_by_due ON outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_by_pool ON outbox (pool);
CREATE INDEX outbox_by_expiry ON outbox (expires_at);
