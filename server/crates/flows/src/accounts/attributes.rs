//! Changing and verifying attributes.

use std::collections::{BTreeMap, BTreeSet};

use domain::{CodePurpose, Delivery, Error, Limit, Medium, Pool, Reason, Result, User, Writer, validate_attributes};
use messages::Kind;
use store::StoreError;

use crate::accounts::codes::{HourlyCount, as_code_limit, put_code, take_code};
use crate::notifications::{Notification, Sender, Sending};
use crate::rates::Counted;
use crate::{ClientContext, Ctx, Latchkey, Subject};

impl Latchkey {
    /// Changes the caller's own attributes (UpdateUserAttributes); codes go out for new addresses.
    ///
    /// # Errors
    /// As UpdateUserAttributes declares.
    pub async fn update_own_attributes(
        &self,
        ctx: &Ctx,
        subject: &Subject,
        values: BTreeMap<String, String>,
    ) -> Result<Vec<Delivery>> {
        let ClientContext { client, pool } = &subject.app;
        if values.keys().any(|name| !client.may_write(pool, name)) {
            return Err(Reason::AttributeNotWritable.into());
        }
        let values = validate_attributes(pool, Writer::User, values)?;
        self.change_attributes(
            ctx,
            (&subject.app).into(),
            &subject.app.pool,
            &subject.user,
            values,
            Some(Limit::AttributeCode),
        )
        .await
    }

    /// Changes a user's attributes (AdminUpdateUserAttributes), `email_verified` and the like included.
    ///
    /// # Errors
    /// As AdminUpdateUserAttributes declares.
    pub async fn admin_update_attributes(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        typed: &str,
        values: BTreeMap<String, String>,
    ) -> Result<()> {
        let user = self.user(pool, typed).await?;
        let values = validate_attributes(pool, Writer::Admin, values)?;
        self.change_attributes(ctx, pool.into(), pool, &user, values, None).await.map(drop)
    }

    async fn change_attributes(
        &self,
        ctx: &Ctx,
        sender: Sender<'_>,
        pool: &Pool,
        user: &User,
        values: BTreeMap<String, String>,
        limit: Option<Limit>,
    ) -> Result<Vec<Delivery>> {
        let mut codes = Vec::new();
        for medium in [Medium::Email, Medium::Sms] {
            let attribute = medium.attribute();
            let new = values.get(attribute).filter(|new| !new.is_empty() && user.attribute(attribute) != Some(new));
            let vouched = values.get(&format!("{attribute}_verified")).is_some_and(|value| value == "true");
            if let Some(new) = new.filter(|_| pool.is_auto_verified(attribute) && !vouched) {
                let purpose = CodePurpose::Attribute(attribute.to_owned());
                let delivery = Delivery { medium, address: new.clone() };
                codes.push((purpose.clone(), self.make_code(ctx, user, &purpose, delivery)));
            }
        }
        if !codes.is_empty() {
            self.admit_caller(ctx, Counted::Code)?;
        }
        if let Some(limit) = limit {
            // Before anything is changed: an address whose code cannot be sent would stay unverified.
            for _ in &codes {
                self.admit_code(ctx, user, limit).await?;
            }
        }
        let (row, username, now) = (pool.clone(), user.username.clone(), ctx.now);
        let waiting: BTreeSet<String> = codes
            .iter()
            .map(|(_, code)| code.row.attribute.clone())
            .filter(|attribute| pool.waits_for_verification(attribute))
            .collect();
        let notifications: Vec<Notification<'_>> = codes
            .iter()
            .map(|(_, code)| Notification {
                sender,
                kind: Kind::VerifyUserAttribute,
                delivery: &code.delivery,
                username: user.username.as_str(),
                code: &code.digits,
            })
            .collect();
        let queued = notifications
            .iter()
            .zip(&codes)
            .map(|(notification, (_, code))| self.queue(&Sending::Awaited, *notification, code.row.expires_at))
            .collect::<Result<Vec<_>>>()?;
        let sent: Vec<HourlyCount> = codes
            .iter()
            .map(|(purpose, code)| self.destination(ctx, &pool.id, purpose, &code.delivery.address))
            .collect();
        let (stored, to_send) = (codes.clone(), queued.clone());
        self.store
            .write(move |tx| -> Result<()> {
                let user = tx
                    .update_user(&row, &username, |user| -> store::Result<User> {
                        apply(user, &values, &waiting);
                        user.modified_at = now;
                        Ok(user.clone())
                    })
                    .map_err(alias_exists)?
                    .ok_or(Reason::UserNotFound)?;
                // This operation declares no other refusal of the kind.
                let admit = |sent: &HourlyCount| sent.admit(tx, Limit::DestinationCode).map_err(as_code_limit);
                sent.iter().try_for_each(admit)?;
                for (purpose, code) in &stored {
                    put_code(tx, &user, purpose, code)?;
                }
                to_send.iter().try_for_each(|message| message.insert(tx))
            })
            .await?;
        self.deliver_all(queued.into_iter().zip(notifications)).await?;
        Ok(codes.into_iter().map(|(_, code)| code.delivery).collect())
    }

    /// Removes the caller's own attributes (DeleteUserAttributes).
    ///
    /// # Errors
    /// As DeleteUserAttributes declares.
    pub async fn delete_own_attributes(&self, ctx: &Ctx, subject: &Subject, names: Vec<String>) -> Result<()> {
        let ClientContext { client, pool } = &subject.app;
        if names.iter().any(|name| !client.may_write(pool, name)) {
            return Err(Reason::AttributeNotWritable.into());
        }
        self.remove_attributes(ctx, pool, &subject.user, Writer::User, names).await
    }

    /// Removes a user's attributes (AdminDeleteUserAttributes).
    ///
    /// # Errors
    /// As AdminDeleteUserAttributes declares.
    pub async fn admin_delete_attributes(&self, ctx: &Ctx, pool: &Pool, typed: &str, names: Vec<String>) -> Result<()> {
        let user = self.user(pool, typed).await?;
        self.remove_attributes(ctx, pool, &user, Writer::Admin, names).await
    }

    async fn remove_attributes(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        user: &User,
        writer: Writer,
        names: Vec<String>,
    ) -> Result<()> {
        let blank = names.iter().map(|name| (name.clone(), String::new())).collect();
        let blank = validate_attributes(pool, writer, blank)?;
        let (pool, username, now) = (pool.clone(), user.username.clone(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                tx.update_user(&pool, &username, |user| -> Result<()> {
                    apply(user, &blank, &BTreeSet::new());
                    user.modified_at = now;
                    Ok(())
                })?
                .ok_or_else(|| Reason::UserNotFound.into())
            })
            .await
    }

    /// Sends a code to the caller's own email address or phone number (GetUserAttributeVerificationCode).
    ///
    /// # Errors
    /// As GetUserAttributeVerificationCode declares.
    pub async fn send_attribute_code(&self, ctx: &Ctx, subject: &Subject, attribute: &str) -> Result<Delivery> {
        let (pool, user) = (&subject.app.pool, &subject.user);
        let medium = Medium::of_attribute(attribute).ok_or(Reason::AttributeNotVerifiable)?;
        let address = user
            .pending
            .get(attribute)
            .or_else(|| user.attributes.get(attribute))
            .filter(|address| !address.is_empty())
            .ok_or_else(|| Reason::AttributeMissing { attribute: attribute.to_owned() })?
            .clone();
        self.admit_caller(ctx, Counted::Code)?;
        self.admit(ctx, &pool.id, user.username.as_str(), Limit::AttributeCode).await?;
        let purpose = CodePurpose::Attribute(attribute.to_owned());
        let code = self.make_code(ctx, user, &purpose, Delivery { medium, address });
        let notification = subject.app.notification(user, Kind::VerifyUserAttribute, &code.delivery, &code.digits);
        let queued = self.queue(&Sending::Awaited, notification, code.row.expires_at)?;
        self.store_code(ctx, user, &purpose, &code, &queued).await?;
        self.deliver(Sending::Awaited, queued, notification).await?;
        Ok(code.delivery)
    }

    /// Verifies the caller's own attribute by its code; a waiting value takes the old one's place.
    ///
    /// # Errors
    /// As VerifyUserAttribute declares.
    pub async fn verify_attribute(&self, ctx: &Ctx, subject: &Subject, attribute: &str, code: &str) -> Result<()> {
        let (pool, user) = (subject.app.pool.clone(), subject.user.clone());
        Medium::of_attribute(attribute).ok_or(Reason::AttributeNotVerifiable)?;
        self.admit_caller(ctx, Counted::Guess)?;
        self.admit(ctx, &pool.id, user.username.as_str(), Limit::VerifyAttribute).await?;
        let purpose = CodePurpose::Attribute(attribute.to_owned());
        let code = self.check_code(ctx, &user, &purpose, code).await?;
        let (attribute, now) = (attribute.to_owned(), ctx.now);
        self.store
            .write(move |tx| -> Result<()> {
                take_code(tx, &user, &purpose, &code)?;
                let held = tx
                    .update_user(&pool, &user.username, |row| -> store::Result<bool> {
                        let pending = row.pending.get(&attribute) == Some(&code.destination);
                        let present = row.attributes.get(&attribute) == Some(&code.destination);
                        if pending {
                            row.pending.remove(&attribute);
                            row.attributes.insert(attribute.clone(), code.destination.clone());
                        }
                        if pending || present {
                            row.attributes.insert(format!("{attribute}_verified"), "true".to_owned());
                            row.modified_at = now;
                        }
                        Ok(pending || present)
                    })
                    .map_err(alias_exists)?
                    .ok_or(Reason::UserNotFound)?;
                if held { Ok(()) } else { Err(Reason::CodeExpired.into()) }
            })
            .await
    }
}

/// Writes values into a user: blank ones remove, a new address is unverified until its code comes back, and
/// waits beside the old one where the pool says so.
fn apply(user: &mut User, values: &BTreeMap<String, String>, waiting: &BTreeSet<String>) {
    for (name, value) in values {
        let verified = format!("{name}_verified");
        let is_address = Medium::of_attribute(name).is_some();
        if value.is_empty() {
            user.attributes.remove(name);
            if is_address {
                user.attributes.remove(&verified);
                user.pending.remove(name);
            }
        } else if is_address && user.attributes.get(name) != Some(value) {
            let had_value = user.attributes.contains_key(name);
            if waiting.contains(name) && had_value {
                user.pending.insert(name.clone(), value.clone());
            } else {
                user.attributes.insert(name.clone(), value.clone());
                if !values.contains_key(&verified) {
                    user.attributes.insert(verified, "false".to_owned());
                }
            }
        } else {
            user.attributes.insert(name.clone(), value.clone());
        }
    }
}

fn alias_exists(error: StoreError) -> Error {
    match error {
        StoreError::Conflict { what } => Error::from(Reason::AttributeAliasTaken { attribute: what.into_owned() }),
        other => other.into(),
    }
}
