//! Whose own account a call is about. What users do by themselves takes a [`Subject`], however they have proven to be
//! one: there is one way to make one from an access token, and one from a browser's session.

use domain::{Device, DeviceKey, Principal, Reason, Result, SELF_SERVICE_SCOPE, User, UserStatus};

use crate::page::{Page, PageRequest};
use crate::sign_in::browser_sessions::OpenedBrowserSession;
use crate::{ClientContext, Ctx, Latchkey, MfaChange};

/// A user who acts on the own account.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The client that acts for the user, and its pool.
    pub app: ClientContext,
    /// The user.
    pub user: User,
    /// The device of the sign-in that the access token is from.
    pub(crate) device: Option<DeviceKey>,
    /// The browser's session that proved it; None where an access token did.
    pub(crate) session: Option<OpenedBrowserSession>,
}

impl Subject {
    /// The user as who calls.
    pub fn principal(&self) -> Principal {
        Principal::EndUser {
            pool: self.app.pool.id.clone(),
            username: self.user.username.clone(),
            sub: self.user.sub.clone(),
        }
    }

    /// Whether the pool keeps a password of the user's: an identity provider keeps that of the users it vouches for.
    pub fn has_password(&self) -> bool {
        self.user.status != UserStatus::ExternalProvider && self.user.password.is_some()
    }
}

impl Latchkey {
    /// Whom an access token (the AccessToken member) lets act: signature, expiry, revocation, the self-service scope,
    /// and the user's standing.
    ///
    /// # Errors
    /// [`Reason::AccessTokenInvalid`] and its like, [`Reason::UserNotFound`], [`Reason::UserDisabled`],
    /// [`Reason::PasswordResetRequired`], [`Reason::UserNotConfirmed`]
    pub async fn subject_by_token(&self, token: &str) -> Result<Subject> {
        let access = self.access_with_scope(token, SELF_SERVICE_SCOPE).await?;
        match access.user.status {
            UserStatus::ResetRequired => Err(Reason::PasswordResetRequired.into()),
            UserStatus::Unconfirmed => Err(Reason::UserNotConfirmed.into()),
            _ => Ok(Subject { app: access.app, user: access.user, device: access.claims.device_key, session: None }),
        }
    }

    /// Whom a browser's session cookie lets act, for a client of the session's pool; None where the session is over,
    /// another pool's, or its user's standing ends it (see [`Latchkey::browser_session`]).
    ///
    /// # Errors
    /// Only the store's.
    pub async fn subject_by_session(&self, ctx: &Ctx, app: &ClientContext, cookie: &str) -> Result<Option<Subject>> {
        let found = self.open_browser_session(ctx, &app.pool, cookie).await?;
        Ok(found.map(|(session, user)| Subject { app: app.clone(), user, device: None, session: Some(session) }))
    }

    /// Draws the seed of an authenticator app for the subject, in base32 (AssociateSoftwareToken).
    ///
    /// # Errors
    /// [`Reason::FederatedUserHasNoFactor`]: a provider's users have no second factor here;
    /// [`Reason::TotpNotOffered`]
    pub async fn associate_own_totp(&self, subject: &Subject) -> Result<String> {
        if subject.user.status == UserStatus::ExternalProvider {
            return Err(Reason::FederatedUserHasNoFactor.into());
        }
        self.associate_totp(&subject.app.pool, &subject.user).await
    }

    /// Registers the subject's app by its first code (VerifySoftwareToken).
    ///
    /// # Errors
    /// [`Reason::TotpNotAssociated`], [`Reason::TotpCodeWrong`]
    pub async fn verify_own_totp(&self, ctx: &Ctx, subject: &Subject, code: &str, name: Option<&str>) -> Result<()> {
        self.verify_totp(ctx, &subject.app.pool, &subject.user, code, name).await
    }

    /// Changes which second factors the subject has switched on (SetUserMFAPreference).
    ///
    /// # Errors
    /// [`Reason::FactorNotSetUp`] and its like, [`Reason::SeveralPreferredFactors`]
    pub async fn set_own_mfa_preference(&self, ctx: &Ctx, subject: &Subject, change: MfaChange) -> Result<()> {
        self.set_mfa_preference(ctx, &subject.app.pool, &subject.user, change).await
    }

    /// One of the subject's devices (GetDevice).
    ///
    /// # Errors
    /// [`Reason::DeviceNotFound`]
    pub async fn own_device(&self, subject: &Subject, key: &str) -> Result<Device> {
        self.device(&subject.user, key).await
    }

    /// The subject's devices (ListDevices).
    ///
    /// # Errors
    /// [`Reason::PageTokenInvalid`]
    pub async fn own_devices(&self, ctx: &Ctx, subject: &Subject, page: PageRequest<'_>) -> Result<Page<Device>> {
        self.devices(ctx, &subject.user, page).await
    }

    /// Remembers one of the subject's devices, or no longer (UpdateDeviceStatus).
    ///
    /// # Errors
    /// [`Reason::DeviceNotFound`], [`Reason::DeviceNotConfirmed`]
    pub async fn set_own_device_remembered(
        &self,
        ctx: &Ctx,
        subject: &Subject,
        key: &str,
        remembered: bool,
    ) -> Result<()> {
        self.set_device_remembered(ctx, &subject.user, key, remembered).await
    }

    /// Forgets one of the subject's devices (ForgetDevice).
    ///
    /// # Errors
    /// [`Reason::DeviceNotFound`]
    pub async fn forget_own_device(&self, subject: &Subject, key: &str) -> Result<()> {
        self.forget_device(&subject.user, key).await
    }

    /// Ends every session of the subject's tokens (GlobalSignOut).
    ///
    /// # Errors
    /// [`Reason::UserNotFound`]
    pub async fn sign_out_own_sessions(&self, ctx: &Ctx, subject: &Subject) -> Result<()> {
        self.sign_out_everywhere(ctx, &subject.app.pool, &subject.user.username).await
    }

    /// Deletes the subject (DeleteUser).
    ///
    /// # Errors
    /// [`Reason::UserNotFound`]
    pub async fn delete_own_user(&self, subject: &Subject) -> Result<()> {
        self.delete_user(&subject.app.pool, &subject.user.username).await
    }
}
