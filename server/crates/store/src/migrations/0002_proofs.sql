-- What is in flight: codes, rate limits, consumed tokens, revocation, sessions. All of it expires.

CREATE TABLE codes (
    pool {text} NOT NULL,
    username {text} NOT NULL,
    purpose {text} NOT NULL,
    expires_at {int} NOT NULL,
    doc {text} NOT NULL,
    PRIMARY KEY (pool, username, purpose),
    FOREIGN KEY (pool, username) REFERENCES users (pool, username) ON DELETE CASCADE
) {rowid_table};
CREATE INDEX codes_by_expiry ON codes (expires_at);

-- Failed attempts and hourly windows, by name typed: the name need not be a user's.
CREATE TABLE rate_limits (
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    kind {text} NOT NULL,
    expires_at {int} NOT NULL,
    doc {text} NOT NULL,
    PRIMARY KEY (pool, name, kind)
) {rowid_table};
CREATE INDEX rate_limits_by_expiry ON rate_limits (expires_at);

CREATE TABLE consumed_tokens (
    id {bytes} NOT NULL PRIMARY KEY,
    expires_at {int} NOT NULL
) {key_table};
CREATE INDEX consumed_tokens_by_expiry ON consumed_tokens (expires_at);

CREATE TABLE revocations (
    origin_jti {text} NOT NULL PRIMARY KEY,
    expires_at {int} NOT NULL
) {key_table};
CREATE INDEX revocations_by_expiry ON revocations (expires_at);

CREATE TABLE refresh_families (
    origin_jti {text} NOT NULL PRIMARY KEY,
    generation {int} NOT NULL,
    rotated_at {int} NOT NULL,
    expires_at {int} NOT NULL
) {key_table};
CREATE INDEX refresh_families_by_expiry ON refresh_families (expires_at);

CREATE TABLE grants (
    hash {bytes} NOT NULL PRIMARY KEY,
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    used {int} NOT NULL,
    expires_at {int} NOT NULL,
    doc {text} NOT NULL
) {rowid_table};
CREATE INDEX grants_by_pool ON grants (pool);
CREATE INDEX grants_by_expiry ON grants (expires_at);

CREATE TABLE sessions (
    hash {bytes} NOT NULL PRIMARY KEY,
    pool {text} NOT NULL,
    username {text} NOT NULL,
    expires_at {int} NOT NULL,
    doc {text} NOT NULL,
    FOREIGN KEY (pool, username) REFERENCES users (pool, username) ON DELETE CASCADE
) {rowid_table};
CREATE INDEX sessions_by_user ON sessions (pool, username);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
