-- Browsers on their way to an identity provider, under the hash of the state that they bring back. `doc` and `response`
-- are sealed.

CREATE TABLE federation_states (
    hash {bytes} NOT NULL PRIMARY KEY,
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    consumed {int} NOT NULL,
    valid_until {int} NOT NULL,
    -- When it is forgotten. Until then it is known to be late or consumed.
    expires_at {int} NOT NULL,
    doc {bytes} NOT NULL,
    -- What the provider answered by POST, until the browser fetches the result.
    response {bytes}
) {rowid_table};
CREATE INDEX federation_states_by_pool ON federation_states (pool);
CREATE INDEX federation_states_by_expiry ON federation_states (expires_at);
