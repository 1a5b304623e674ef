//! Users, and the names they sign in with.

use domain::{Pool, PoolId, SignInName, Sub, User, Username};

use crate::connection::{Reader, Tx};
use crate::value::params;
use crate::{Result, StoreError};

impl Reader {
    /// A user by its own name.
    ///
    /// # Errors
    /// The database's.
    pub fn user(&mut self, pool: &PoolId, username: &Username) -> Result<Option<User>> {
        let sql = "SELECT doc FROM users WHERE pool = ?1 AND username = ?2";
        self.row(sql, params![pool, username], |row| row.json(0))
    }

    /// A user by its subject identifier.
    ///
    /// # Errors
    /// The database's.
    pub fn user_by_sub(&mut self, pool: &PoolId, sub: &Sub) -> Result<Option<User>> {
        self.row("SELECT doc FROM users WHERE pool = ?1 AND sub = ?2", params![pool, sub], |row| row.json(0))
    }

    /// A user by what was typed, in the form it is compared in (`Pool::fold_case`): its own name first,
    /// then its other sign-in names. One statement, whether somebody is found or nobody.
    ///
    /// # Errors
    /// The database's.
    pub fn user_by_name(&mut self, pool: &PoolId, typed: &str) -> Result<Option<User>> {
        let sql = "SELECT doc, 0 AS rank, '' AS attribute FROM users WHERE pool = ?1 AND username = ?2
                   UNION ALL
                   SELECT u.doc, 1, n.attribute FROM sign_in_names n
                   JOIN users u ON u.pool = n.pool AND u.username = n.username
                   WHERE n.pool = ?1 AND n.value = ?2
                   ORDER BY rank, attribute LIMIT 1";
        self.row(sql, params![pool, typed], |row| row.json(0))
    }

    /// Who holds a sign-in name.
    ///
    /// # Errors
    /// The database's.
    pub fn name_holder(&mut self, pool: &PoolId, name: &SignInName) -> Result<Option<Username>> {
        let sql = "SELECT username FROM sign_in_names WHERE pool = ?1 AND value = ?2 AND attribute = ?3";
        self.row(sql, params![pool, &name.value, &name.attribute], |row| row.text(0).map(Username::new))
    }

    /// How many users a pool has.
    ///
    /// # Errors
    /// The database's.
    pub fn count_users(&mut self, pool: &PoolId) -> Result<i64> {
        let count = self.row("SELECT COUNT(*) FROM users WHERE pool = ?1", params![pool], |row| row.int(0))?;
        Ok(count.unwrap_or(0))
    }
}

impl Tx {
    /// Adds a user with its sign-in names (`User::sign_in_names`).
    ///
    /// # Errors
    /// [`StoreError::Conflict`]: `username` where the name (or sub) is taken, also as another user's sign-in name, else
    /// the attribute whose value reaches another user; [`StoreError::Orphan`] without the pool; the database's.
    pub fn insert_user(&mut self, pool: &Pool, user: &User) -> Result<()> {
        let names = user.sign_in_names(pool);
        self.atomic(|tx| {
            tx.keep_names(&user.pool, &user.username, Some(&user.username), &names)?;
            tx.insert_user_row(user)?;
            names.iter().try_for_each(|name| tx.claim_name(&user.pool, name, &user.username))
        })
    }

    fn insert_user_row(&mut self, user: &User) -> Result<()> {
        let sql = "INSERT INTO users (pool, username, sub, created_at, status, enabled, email, phone_number, name,
                   given_name, family_name, preferred_username, doc)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT DO NOTHING";
        let doc = serde_json::to_string(user)?;
        let column = |name: &str| user.attributes.get(name);
        let values = params![
            &user.pool,
            &user.username,
            &user.sub,
            user.created_at,
            user.status.as_str(),
            user.enabled,
            column("email"),
            column("phone_number"),
            column("name"),
            column("given_name"),
            column("family_name"),
            column("preferred_username"),
            &doc,
        ];
        self.insert("username", sql, values)
    }

    /// Changes a user, and with it its sign-in names; None where there is none. Its pool, username, sub
    /// and time of creation stay.
    ///
    /// # Errors
    /// The function's; [`StoreError::Conflict`] with the attribute whose value belongs to another user;
    /// else the database's.
    pub fn update_user<R, E: From<StoreError>>(
        &mut self,
        pool: &Pool,
        username: &Username,
        change: impl FnOnce(&mut User) -> Result<R, E>,
    ) -> Result<Option<R>, E> {
        let sql = "SELECT doc FROM users WHERE pool = ?1 AND username = ?2";
        let found = self.row_to_update(sql, params![&pool.id, username], |row| row.json_to_update::<User>(0))?;
        let Some((mut user, original)) = found else {
            return Ok(None);
        };
        let before = user.sign_in_names(pool);
        let result = change(&mut user)?;
        let after = user.sign_in_names(pool);
        let doc = original.rewrite(&user)?;
        if before == after {
            self.update_user_row(&pool.id, username, &user, &doc)?;
        } else {
            self.atomic(|tx| {
                for name in before.iter().filter(|name| !after.contains(name)) {
                    tx.drop_name(&pool.id, name, username)?;
                }
                let added: Vec<SignInName> = after.into_iter().filter(|name| !before.contains(name)).collect();
                tx.keep_names(&pool.id, username, None, &added)?;
                for name in &added {
                    tx.claim_name(&pool.id, name, username)?;
                }
                tx.update_user_row(&pool.id, username, &user, &doc)
            })?;
        }
        Ok(Some(result))
    }

    fn update_user_row(&mut self, pool: &PoolId, username: &Username, user: &User, doc: &str) -> Result<()> {
        let sql = "UPDATE users SET status = ?3, enabled = ?4, email = ?5, phone_number = ?6, name = ?7,
                   given_name = ?8, family_name = ?9, preferred_username = ?10, doc = ?11
                   WHERE pool = ?1 AND username = ?2";
        let column = |name: &str| user.attributes.get(name);
        let values = params![
            pool,
            username,
            user.status.as_str(),
            user.enabled,
            column("email"),
            column("phone_number"),
            column("name"),
            column("given_name"),
            column("family_name"),
            column("preferred_username"),
            doc,
        ];
        self.run(sql, values).map(drop)
    }

    /// Holds that what reaches this user reaches nobody else: neither as a username nor as a sign-in name, of whichever
    /// attribute. Until the transaction ends nobody else can take these names, on either database.
    fn keep_names(
        &mut self,
        pool: &PoolId,
        username: &Username,
        own: Option<&Username>,
        names: &[SignInName],
    ) -> Result<()> {
        let own = own.map(|own| (own.as_str(), "username"));
        let mut wanted: Vec<(&str, &str)> =
            own.into_iter().chain(names.iter().map(|name| (name.value.as_str(), name.attribute.as_str()))).collect();
        // In one order everywhere, or two transactions would wait for each other.
        wanted.sort_by_key(|(value, _)| *value);
        if let Some(lock) = self.dialect().name_lock() {
            for (value, _) in &wanted {
                self.row(lock, params![&format!("{pool}/{value}")], |_| Ok(()))?;
            }
        }
        let sql = "SELECT 1 FROM users WHERE pool = ?1 AND username = ?2 AND username <> ?3
                   UNION ALL
                   SELECT 1 FROM sign_in_names WHERE pool = ?1 AND value = ?2 AND username <> ?3 LIMIT 1";
        for (value, attribute) in wanted {
            if self.row(sql, params![pool, value, username], |_| Ok(()))?.is_some() {
                return Err(StoreError::conflict(attribute.to_owned()));
            }
        }
        Ok(())
    }

    fn claim_name(&mut self, pool: &PoolId, name: &SignInName, username: &Username) -> Result<()> {
        let sql = "INSERT INTO sign_in_names (pool, value, attribute, username) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO NOTHING";
        let inserted = self.run(sql, params![pool, &name.value, &name.attribute, username])? > 0;
        // After move_name the name is the user's own already.
        if inserted || self.name_holder(pool, name)?.as_ref() == Some(username) {
            Ok(())
        } else {
            Err(StoreError::conflict(name.attribute.clone()))
        }
    }

    fn drop_name(&mut self, pool: &PoolId, name: &SignInName, username: &Username) -> Result<()> {
        let sql = "DELETE FROM sign_in_names WHERE pool = ?1 AND value = ?2 AND attribute = ?3 AND username = ?4";
        self.run(sql, params![pool, &name.value, &name.attribute, username]).map(drop)
    }

    /// Takes a sign-in name from whoever holds it in that attribute, whose attribute is then no longer verified, and gives
    /// it to another user (ForceAliasCreation). Answers who lost it; None where nobody else had it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it reaches another user in another way; [`StoreError::Orphan`] where there is no such
    /// user; the database's.
    pub fn move_name(&mut self, pool: &Pool, name: &SignInName, to: &Username) -> Result<Option<Username>> {
        let holder = self.name_holder(&pool.id, name)?.filter(|holder| holder != to);
        self.atomic(|tx| {
            if let Some(holder) = &holder {
                tx.drop_name(&pool.id, name, holder)?;
                tx.update_user(pool, holder, |user| {
                    user.attributes.insert(format!("{}_verified", name.attribute), "false".to_owned());
                    Ok::<_, StoreError>(())
                })?;
            }
            tx.keep_names(&pool.id, to, None, std::slice::from_ref(name))?;
            tx.claim_name(&pool.id, name, to)
        })?;
        Ok(holder)
    }

    /// Removes a user with its names, devices, codes, sessions and memberships; false where there is none.
    ///
    /// # Errors
    /// The database's.
    pub fn delete_user(&mut self, pool: &PoolId, username: &Username) -> Result<bool> {
        Ok(self.run("DELETE FROM users WHERE pool = ?1 AND username = ?2", params![pool, username])? > 0)
    }
}
