-- Pools, their clients and keys, their users and groups. Times are milliseconds since 1970.

CREATE TABLE pools (
    id {text} NOT NULL PRIMARY KEY,
    created_at {int} NOT NULL,
    version {int} NOT NULL,
    -- Raised by every change of the pool's signing keys.
    keys_version {int} NOT NULL,
    doc {text} NOT NULL
) {rowid_table};
CREATE INDEX pools_by_age ON pools (created_at, id);

CREATE TABLE clients (
    id {text} NOT NULL PRIMARY KEY,
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    created_at {int} NOT NULL,
    doc {text} NOT NULL
) {rowid_table};
CREATE INDEX clients_by_age ON clients (pool, created_at, id);

CREATE TABLE signing_keys (
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    kid {text} NOT NULL,
    purpose {text} NOT NULL,
    pkcs8 {bytes} NOT NULL,
    jwk {text} NOT NULL,
    created_at {int} NOT NULL,
    retired_at {int},
    PRIMARY KEY (pool, kid)
) {rowid_table};

CREATE TABLE data_keys (
    id {int} NOT NULL PRIMARY KEY,
    wrapped {bytes} NOT NULL
) {rowid_table};

CREATE TABLE access_keys (
    id {text} NOT NULL PRIMARY KEY,
    secret {bytes} NOT NULL,
    created_at {int} NOT NULL,
    -- Whose it is: root, user or role; the name of the user or role; the session of a role.
    owner {text} NOT NULL,
    owner_name {text} NOT NULL,
    role_session {text} NOT NULL,
    -- Of temporary keys alone. The policy is a JSON document that narrows what they may do.
    session_token {bytes},
    expires_at {int},
    policy {text}
) {rowid_table};
CREATE INDEX access_keys_by_expiry ON access_keys (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE users (
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    username {text} NOT NULL,
    sub {text} NOT NULL,
    created_at {int} NOT NULL,
    status {text} NOT NULL,
    enabled {int} NOT NULL,
    email {text},
    phone_number {text},
    name {text},
    given_name {text},
    family_name {text},
    preferred_username {text},
    doc {text} NOT NULL,
    PRIMARY KEY (pool, username),
    UNIQUE (pool, sub)
) {rowid_table};
CREATE INDEX users_by_age ON users (pool, created_at, username);
CREATE INDEX users_by_email ON users (pool, email) WHERE email IS NOT NULL;
CREATE INDEX users_by_phone_number ON users (pool, phone_number) WHERE phone_number IS NOT NULL;
CREATE INDEX users_by_name ON users (pool, name) WHERE name IS NOT NULL;
CREATE INDEX users_by_given_name ON users (pool, given_name) WHERE given_name IS NOT NULL;
CREATE INDEX users_by_family_name ON users (pool, family_name) WHERE family_name IS NOT NULL;
CREATE INDEX users_by_preferred_username ON users (pool, preferred_username) WHERE preferred_username IS NOT NULL;

-- Names, besides the username, that a user signs in with.
CREATE TABLE sign_in_names (
    pool {text} NOT NULL,
    value {text} NOT NULL,
    attribute {text} NOT NULL,
    username {text} NOT NULL,
    PRIMARY KEY (pool, value, attribute),
    FOREIGN KEY (pool, username) REFERENCES users (pool, username) ON DELETE CASCADE
) {key_table};
CREATE INDEX sign_in_names_by_user ON sign_in_names (pool, username);

CREATE TABLE groups (
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    precedence {int},
    doc {text} NOT NULL,
    PRIMARY KEY (pool, name)
) {rowid_table};

CREATE TABLE memberships (
    pool {text} NOT NULL,
    username {text} NOT NULL,
    group_name {text} NOT NULL,
    PRIMARY KEY (pool, username, group_name),
    FOREIGN KEY (pool, username) REFERENCES users (pool, username) ON DELETE CASCADE,
    FOREIGN KEY (pool, group_name) REFERENCES groups (pool, name) ON DELETE CASCADE
) {key_table};
CREATE INDEX memberships_by_group ON memberships (pool, group_name, username);

CREATE TABLE devices (
    pool {text} NOT NULL,
    username {text} NOT NULL,
    device_key {text} NOT NULL,
    created_at {int} NOT NULL,
    doc {text} NOT NULL,
    PRIMARY KEY (pool, username, device_key),
    FOREIGN KEY (pool, username) REFERENCES users (pool, username) ON DELETE CASCADE
) {rowid_table};

CREATE TABLE domains (
    name {text} NOT NULL PRIMARY KEY,
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    doc {text} NOT NULL
) {rowid_table};
CREATE INDEX domains_by_pool ON domains (pool, name);

-- Settings kept as they are spoken. `pool` is empty for what belongs to none.
CREATE TABLE documents (
    kind {text} NOT NULL,
    pool {text} NOT NULL,
    id {text} NOT NULL,
    doc {text} NOT NULL,
    PRIMARY KEY (kind, pool, id)
) {rowid_table};
CREATE INDEX documents_by_pool ON documents (pool);

CREATE TABLE meta (
    name {text} NOT NULL PRIMARY KEY,
    value {text} NOT NULL
) {rowid_table};
