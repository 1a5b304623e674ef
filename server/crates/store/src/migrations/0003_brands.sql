-- How the pages look: brands, and the pictures they name, whose bytes are read only where they are asked for.

-- `scope` is a client's id, or ALL for those that have none of their own; `version` changes with the document.
CREATE TABLE brands (
    id {text} NOT NULL PRIMARY KEY,
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    kind {text} NOT NULL,
    scope {text} NOT NULL,
    client {text} REFERENCES clients (id) ON DELETE CASCADE,
    version {text} NOT NULL,
    doc {text} NOT NULL,
    UNIQUE (pool, scope, kind)
) {rowid_table};
CREATE INDEX brands_by_client ON brands (client);

-- `sent` is what came, `served` what goes out where that is not the same.
CREATE TABLE assets (
    pool {text} NOT NULL REFERENCES pools (id) ON DELETE CASCADE,
    hash {text} NOT NULL,
    form {text} NOT NULL,
    sent {bytes} NOT NULL,
    served {bytes},
    PRIMARY KEY (pool, hash)
) {rowid_table};
CREATE INDEX assets_by_hash ON assets (hash);

CREATE TABLE asset_uses (
    brand {text} NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
    pool {text} NOT NULL,
    hash {text} NOT NULL,
    PRIMARY KEY (brand, hash),
    FOREIGN KEY (pool, hash) REFERENCES assets (pool, hash) ON DELETE CASCADE
) {key_table};
CREATE INDEX asset_uses_by_asset ON asset_uses (pool, hash);
