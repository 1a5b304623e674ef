//! Signing up and confirming.

use std::collections::BTreeMap;
use std::fmt;

use domain::{
    CodePurpose, Delivery, Error, Limit, Medium, MfaPreference, Pool, Reason, Result, Sub, User, UserStatus, Username,
    UsernameForm, Writer, is_email, is_phone_number, validate_attributes,
};
use messages::Kind;
use store::StoreError;
use triggers::{PreSignUp, PreSignUpSource};

use crate::accounts::codes::{NewCode, put_code};
use crate::configuration::identity_providers::provider_names;
use crate::notifications::Sending;
use crate::notifications::outbox::Queued;
use crate::rates::Counted;
use crate::{ClientContext, Ctx, Latchkey};

/// What SignUp and the sign-up page hand over.
#[derive(Clone)]
pub struct SignUp<'a> {
    /// As typed: a name, or an email address or phone number where the pool says so.
    pub username: &'a str,
    /// In clear; it is needed once, to derive the verifier.
    pub password: &'a str,
    /// UserAttributes
    pub attributes: BTreeMap<String, String>,
}

impl fmt::Debug for SignUp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignUp").field("username", &self.username).finish_non_exhaustive()
    }
}

/// A new user.
#[derive(Clone, Debug)]
pub struct SignedUp {
    /// The user, unconfirmed.
    pub user: User,
    /// Where the code went, if one was sent.
    pub delivery: Option<Delivery>,
}

impl Latchkey {
    /// Makes an unconfirmed user and sends the code.
    ///
    /// # Errors
    /// As SignUp declares.
    pub async fn sign_up(&self, ctx: &Ctx, app: &ClientContext, sign_up: SignUp<'_>) -> Result<SignedUp> {
        self.admit_caller(ctx, Counted::Code)?;
        let pool = &app.pool;
        if pool.is_admin_create_only() {
            return Err(Reason::SignUpNotPermitted.into());
        }
        if sign_up.attributes.keys().any(|name| !app.client.may_write(pool, name)) {
            return Err(Reason::AttributeNotWritable.into());
        }
        let mut user = self.make_user(ctx, pool, sign_up.username, sign_up.attributes, UserStatus::Unconfirmed)?;
        user.attributes = validate_attributes(pool, Writer::SignUp, user.attributes)?;
        pool.password_rules().check(sign_up.password)?;
        let call = ctx.trigger_call(pool, Some(&app.client.id), user.username.as_str());
        let source = PreSignUpSource::SignUp;
        self.triggers.pre_sign_up(&call, &PreSignUp { source, user: &user }).await?;
        self.refuse_squatting(pool, &user).await?;
        self.refuse_taken(pool, sign_up.username, &user).await?;
        user.password = Some(self.make_password(&pool.id, &user.username, sign_up.password, ctx.now, false));
        let code =
            first_delivery(pool, &user).map(|delivery| self.make_code(ctx, &user, &CodePurpose::SignUp, delivery));
        let notification =
            code.as_ref().map(|code| app.notification(&user, Kind::SignUp, &code.delivery, &code.digits));
        let expiry = code.as_ref().map_or(ctx.now, |code| code.row.expires_at);
        let queued =
            notification.map(|notification| self.queue(&Sending::Awaited, notification, expiry)).transpose()?;
        self.insert_user(ctx, pool, &user, sign_up.username, code.clone().zip(queued.clone())).await?;
        if let (Some(notification), Some(queued)) = (notification, queued) {
            self.deliver(Sending::Awaited, queued, notification).await?;
        }
        let delivery = code.as_ref().map(|code| code.delivery.clone());
        Ok(SignedUp { user, delivery })
    }

    /// A user that is not stored yet. Where people sign up with an email address or phone number, the username
    /// becomes the sub and the typed value an attribute.
    ///
    /// # Errors
    /// `InvalidParameterException` for a username of the wrong form.
    pub fn make_user(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        typed: &str,
        mut attributes: BTreeMap<String, String>,
        status: UserStatus,
    ) -> Result<User> {
        let mut user = self.blank_user(ctx, pool, Username::from(pool.fold_case(typed)), status);
        if let Some(attribute) = username_attribute(pool, typed)? {
            attributes.insert(attribute.to_owned(), typed.to_owned());
            user.username = Username::from(user.sub.as_str());
        }
        attributes.retain(|_, value| !value.is_empty());
        user.attributes = attributes;
        Ok(user)
    }

    /// A user who is nobody yet.
    pub(crate) fn blank_user(&self, ctx: &Ctx, pool: &Pool, username: Username, status: UserStatus) -> User {
        let now = ctx.now;
        User {
            pool: pool.id.clone(),
            username,
            sub: Sub::from(world::uuid_v4(self.world.entropy()).to_string()),
            status,
            enabled: true,
            attributes: BTreeMap::new(),
            pending: BTreeMap::new(),
            password: None,
            old_passwords: Vec::new(),
            totp: None,
            pending_totp: None,
            mfa: MfaPreference::default(),
            identities: Vec::new(),
            signed_out_at: None,
            created_at: now,
            modified_at: now,
        }
    }

    /// Says early that a name is taken, before the password costs an exponentiation. The insert decides.
    async fn refuse_taken(&self, pool: &Pool, typed: &str, user: &User) -> Result<()> {
        let (id, username) = (pool.id.clone(), user.username.clone());
        let names = user.sign_in_names(pool);
        let taken = self
            .store
            .read(move |r| -> Result<Option<String>> {
                // A username goes before other names: it must not be one that reaches somebody else, nor a subject
                // identifier, by which administrators name users.
                let sub = Sub::from(username.as_str());
                if r.user_by_name(&id, username.as_str())?.is_some() || r.user_by_sub(&id, &sub)?.is_some() {
                    return Ok(Some("username".to_owned()));
                }
                for name in names {
                    if r.user_by_name(&id, &name.value)?.is_some() {
                        return Ok(Some(name.attribute));
                    }
                }
                Ok(None)
            })
            .await?;
        taken.map_or(Ok(()), |attribute| Err(taken_name(pool, typed, &attribute)))
    }

    /// `Provider_subject` is the name of whoever comes through the provider: nobody may wait there for them.
    async fn refuse_squatting(&self, pool: &Pool, user: &User) -> Result<()> {
        if !user.username.as_str().contains('_') {
            return Ok(());
        }
        let id = pool.id.clone();
        let providers = self.store.read(move |r| provider_names(r, &id)).await?;
        let begins = |name: &str| user.username.as_str().starts_with(&format!("{}_", pool.fold_case(name)));
        if providers.iter().any(|name| begins(name)) {
            return Err(Reason::UsernameOfProvider.into());
        }
        Ok(())
    }

    /// Stores a new user with its first code and the message that tells it, all or nothing.
    pub(crate) async fn insert_user(
        &self,
        ctx: &Ctx,
        pool: &Pool,
        user: &User,
        typed: &str,
        code: Option<(NewCode, Queued)>,
    ) -> Result<()> {
        let sent = code
            .as_ref()
            .map(|(code, _)| self.destination(ctx, &pool.id, &CodePurpose::SignUp, &code.delivery.address));
        let (row, pool, typed) = (user.clone(), pool.clone(), typed.to_owned());
        self.store
            .write(move |tx| -> Result<()> {
                tx.insert_user(&pool, &row).map_err(|error| match error {
                    StoreError::Conflict { what } => taken_name(&pool, &typed, &what),
                    other => other.into(),
                })?;
                if let Some(sent) = &sent {
                    sent.admit(tx, Limit::DestinationCode)?;
                }
                if let Some((code, queued)) = &code {
                    put_code(tx, &row, &CodePurpose::SignUp, code)?;
                    queued.insert(tx)?;
                }
                Ok(())
            })
            .await
    }

    /// Where a code would have gone for a name nobody has: always the same for that name.
    pub(crate) fn dummy_delivery(&self, pool: &Pool, typed: &str) -> Delivery {
        if is_phone_number(typed) {
            return Delivery { medium: Medium::Sms, address: typed.to_owned() };
        }
        if is_email(typed) {
            return Delivery { medium: Medium::Email, address: typed.to_owned() };
        }
        // Only the first notifications are told: any of them, so that none gives a real address away, the hosts' as often
        // as those of the large mail providers make them.
        const HOSTS: &[u8] = b"gggggggghhhhyyyyooiiaammppccttzzbdefjklnqrsuvwx";
        let context = format!("{}\0{}", pool.id, pool.fold_case(typed));
        let mut bytes = [0_u8; 16];
        self.vault.derive_dummy(b"address", context.as_bytes(), &mut bytes);
        let number = |bytes: &[u8]| {
            bytes.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(251).wrapping_add(usize::from(*byte)))
        };
        let (local, host) = bytes.split_at(8);
        let (local, host) = (number(local), number(host));
        if pool.is_auto_verified("phone_number") {
            // Where codes go to the phone first.
            return Delivery { medium: Medium::Sms, address: format!("+1555555{:04}", local % 10_000) };
        }
        let local = char::from(b'a' + u8::try_from(local % 26).unwrap_or(0));
        let host = char::from(HOSTS.get(host % HOSTS.len()).copied().unwrap_or(b'g'));
        Delivery { medium: Medium::Email, address: format!("{local}@{host}.invalid") }
    }
}

/// Which attribute a typed username is, where the pool has username attributes.
fn username_attribute(pool: &Pool, typed: &str) -> Result<Option<&'static str>> {
    match pool.username_form() {
        UsernameForm::Name if pool.is_alias("email") && is_email(typed) => {
            Err(Reason::UsernameLikeAlias(Medium::Email).into())
        }
        UsernameForm::Name if pool.is_alias("phone_number") && is_phone_number(typed) => {
            Err(Reason::UsernameLikeAlias(Medium::Sms).into())
        }
        UsernameForm::Name => Ok(None),
        UsernameForm::Email | UsernameForm::EmailOrPhoneNumber if is_email(typed) => Ok(Some("email")),
        UsernameForm::PhoneNumber | UsernameForm::EmailOrPhoneNumber if is_phone_number(typed) => {
            Ok(Some("phone_number"))
        }
        form => Err(Reason::UsernameNotOfForm(form).into()),
    }
}

/// Where a sign-up code goes: to the phone where both are verified automatically, as Cognito does.
pub(crate) fn first_delivery(pool: &Pool, user: &User) -> Option<Delivery> {
    [Medium::Sms, Medium::Email].into_iter().find_map(|medium| {
        let attribute = medium.attribute();
        let address =
            user.attribute(attribute).filter(|address| !address.is_empty() && pool.is_auto_verified(attribute))?;
        Some(Delivery { medium, address: address.to_owned() })
    })
}

fn taken_name(pool: &Pool, typed: &str, attribute: &str) -> Error {
    let reason = match attribute {
        "email" | "phone_number" if pool.is_username_attribute(attribute) => {
            Reason::UsernameAttributeTaken { attribute: attribute.to_owned() }
        }
        _ => Reason::UsernameTaken,
    };
    Error::from(reason).with_detail(format!("{} characters typed", typed.chars().count()))
}

/// `UserNotFoundException` as the unauthenticated operations word it.
pub(crate) fn unknown_here() -> Error {
    Error::from(Reason::UserNotFoundForClient)
}
