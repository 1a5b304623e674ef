//! The pool's own profile of a provider's user: made at the first sign-in, brought up to date at each.

use std::collections::BTreeMap;

use domain::{
    Assertion, Error, Group, GroupName, Identity, IdentityProvider, Pool, Reason, Result, User, UserStatus, Username,
};
use store::{StoreError, Tx};
use triggers::{
    PostAuthentication, PostConfirmation, PostConfirmationSource, PreAuthentication, PreSignUp, PreSignUpSource,
};

use crate::{ClientContext, Ctx, Latchkey};

/// What a username may hold, in characters.
const LONGEST_USERNAME: usize = 128;

impl Latchkey {
    /// Makes or renews the profile `Provider_subject`.
    ///
    /// # Errors
    /// `NotAuthorizedException` for a disabled user; `InvalidParameterException` where attributes are missing or the
    /// name is somebody else's; `UnexpectedLambdaException` where a trigger would run.
    pub(super) async fn keep_profile(
        &self,
        ctx: &Ctx,
        app: &ClientContext,
        provider: &IdentityProvider,
        assertion: &Assertion,
        values: BTreeMap<String, String>,
    ) -> Result<User> {
        let pool = &app.pool;
        let username = Username::from(pool.fold_case(&format!("{}_{}", provider.name, assertion.subject)));
        if username.as_str().chars().count() > LONGEST_USERNAME {
            return Err(Reason::FederatedUsernameTooLong.into());
        }
        let new = self.draft(ctx, pool, provider, assertion, &username, &values);
        let (id, name) = (pool.id.clone(), username);
        let known = self.store.read(move |r| r.user(&id, &name).map_err(Error::from)).await?;
        let call = ctx.trigger_call(pool, Some(&app.client.id), new.username.as_str());
        // Two of these moments are after the write. As long as no function runs, its refusal must leave nothing half
        // done.
        match &known {
            None => {
                let source = PreSignUpSource::ExternalProvider;
                self.triggers.pre_sign_up(&call, &PreSignUp { source, user: &new }).await?;
                let source = PostConfirmationSource::ConfirmSignUp;
                self.triggers.post_confirmation(&call, &PostConfirmation { source, user: &new }).await?;
            }
            Some(user) => {
                self.triggers.pre_authentication(&call, &PreAuthentication { user: Some(user) }).await?;
                self.triggers.post_authentication(&call, &PostAuthentication { user, new_device: false }).await?;
            }
        }
        // Two first sign-ins at once: the second finds what the first has made.
        match self.write_profile(ctx, pool, provider, &assertion.subject, &new, &values).await {
            Err(error) if error.reason == Reason::FederatedUsernameTaken => {
                self.write_profile(ctx, pool, provider, &assertion.subject, &new, &values).await
            }
            written => written,
        }
    }

    async fn write_profile(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        provider: &IdentityProvider,
        subject: &str,
        new: &User,
        values: &BTreeMap<String, String>,
    ) -> Result<User> {
        let (pool, provider, subject, now) = (pool.clone(), provider.clone(), subject.to_owned(), ctx.now);
        let (new, values) = (new.clone(), values.clone());
        self.store
            .write(move |tx| -> Result<User> {
                let renewed = tx.update_user(&pool, &new.username, |user| -> Result<User> {
                    check_owner(user, &provider, &subject)?;
                    let before = user.attributes.clone();
                    user.take_over(&values);
                    user.check_required(&pool)?;
                    if user.attributes != before {
                        user.modified_at = now;
                    }
                    Ok(user.clone())
                })?;
                match renewed {
                    Some(user) => Ok(user),
                    None => {
                        new.check_required(&pool)?;
                        tx.insert_user(&pool, &new).map_err(name_taken)?;
                        join(tx, &pool, &provider, &new)?;
                        Ok(new)
                    }
                }
            })
            .await
    }

    fn draft(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        provider: &IdentityProvider,
        assertion: &Assertion,
        username: &Username,
        values: &BTreeMap<String, String>,
    ) -> User {
        let now = ctx.now;
        let mut user = self.blank_user(ctx, pool, username.clone(), UserStatus::ExternalProvider);
        user.identities = vec![Identity {
            user_id: assertion.subject.clone(),
            provider_name: provider.name.clone(),
            provider_type: provider.kind.as_str().to_owned(),
            issuer: assertion.issuer.clone(),
            primary: true,
            date_created: now.as_millisecond(),
        }];
        user.take_over(values);
        user
    }
}

/// Whether the profile under the username is this provider's user's, and may come in.
fn check_owner(user: &User, provider: &IdentityProvider, subject: &str) -> Result<()> {
    if !user.is_of(provider, subject) {
        // A native user of that name, or subjects that differ in case only: nobody comes in as somebody else.
        return Err(Reason::UsernameOfOtherUser { username: user.username.to_string() }.into());
    }
    if !user.enabled {
        return Err(Reason::UserDisabled.into());
    }
    Ok(())
}

fn name_taken(error: StoreError) -> Error {
    match error {
        StoreError::Conflict { .. } => Error::from(Reason::FederatedUsernameTaken),
        other => other.into(),
    }
}

/// Puts a new user into the group of all who come through the provider.
fn join(tx: &mut Tx, pool: &Pool, provider: &IdentityProvider, user: &User) -> Result<()> {
    let name = GroupName::from(format!("{}_{}", pool.id, provider.name));
    if tx.group(&pool.id, &name)?.is_none() {
        tx.insert_group(&Group {
            name: name.clone(),
            pool: pool.id.clone(),
            description: Some(format!("Autogenerated group for users who sign in using {}", provider.name)),
            role_arn: None,
            precedence: None,
            created_at: user.created_at,
            modified_at: user.created_at,
        })?;
    }
    tx.add_to_group(&pool.id, &user.username, &name)?;
    Ok(())
}
