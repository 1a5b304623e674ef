//! What functions are told, and what they answer.
//!
//! Types that hold a password or a code have no Debug.

use std::collections::BTreeMap;

use domain::{AnsweredChallenge, Assertion, ClientId, Group, IdentityProvider, Pool, User};
use protocol::Sensitive;
use serde_json::Value;

use crate::{MessageSource, PostConfirmationSource, PreSignUpSource, TokenSource, UserMigrationSource};

/// What every event tells beside its own members.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The pool, which names the function.
    pub pool: &'a Pool,
    /// The app client; None where an administrator acts.
    pub client: Option<&'a ClientId>,
    /// The user's name; for a user who is unknown, as typed.
    pub username: &'a str,
    /// ClientMetadata
    pub client_metadata: &'a BTreeMap<String, String>,
    /// ValidationData
    pub validation_data: &'a BTreeMap<String, String>,
}

/// A user is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct PreSignUp<'a> {
    /// By whom.
    pub source: PreSignUpSource,
    /// The user, not stored yet.
    pub user: &'a User,
}

/// What becomes of a new user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PreSignUpAnswer {
    /// It is confirmed without a code.
    pub auto_confirm: bool,
    /// Its email address counts as verified.
    pub auto_verify_email: bool,
    /// Its phone number counts as verified.
    pub auto_verify_phone: bool,
}

/// A user or a reset was confirmed.
#[derive(Clone, Copy, Debug)]
pub struct PostConfirmation<'a> {
    /// Which.
    pub source: PostConfirmationSource,
    /// Whose.
    pub user: &'a User,
}

/// A sign-in is about to be judged.
#[derive(Clone, Copy, Debug)]
pub struct PreAuthentication<'a> {
    /// Who signs in; None where nobody has the name and the client hides that (`userNotFound`).
    pub user: Option<&'a User>,
}

/// A sign-in has succeeded.
#[derive(Clone, Copy, Debug)]
pub struct PostAuthentication<'a> {
    /// Whose.
    pub user: &'a User,
    /// Whether it came from a device that was not known.
    pub new_device: bool,
}

/// A custom sign-in has come to its next step.
#[derive(Clone, Copy, Debug)]
pub struct DefineAuthChallenge<'a> {
    /// Who signs in; None where nobody has the name and the client hides that.
    pub user: Option<&'a User>,
    /// What was answered so far.
    pub history: &'a [AnsweredChallenge],
}

/// What a custom sign-in needs next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DefinedChallenge {
    /// Nothing: tokens.
    Done,
    /// It has failed.
    Failed,
    /// The challenge of this name.
    Challenge(String),
}

/// A custom challenge is to be made.
#[derive(Clone, Copy, Debug)]
pub struct CreateAuthChallenge<'a> {
    /// Who signs in; None where nobody has the name and the client hides that.
    pub user: Option<&'a User>,
    /// What was answered so far.
    pub history: &'a [AnsweredChallenge],
}

/// A custom challenge.
#[derive(Clone, Default)]
pub struct CreatedChallenge {
    /// What the client is told.
    pub public: BTreeMap<String, String>,
    /// What only [`crate::Triggers::verify_auth_challenge`] is told.
    pub private: BTreeMap<String, Sensitive>,
    /// What is noted in the history.
    pub metadata: Option<String>,
}

/// A custom challenge was answered.
#[derive(Clone, Copy)]
pub struct VerifyAuthChallenge<'a> {
    /// Who signs in; None where nobody has the name and the client hides that.
    pub user: Option<&'a User>,
    /// The challenge's private parameters.
    pub private: &'a BTreeMap<String, Sensitive>,
    /// The answer.
    pub answer: &'a Sensitive,
}

/// Tokens are about to be made.
#[derive(Clone, Copy, Debug)]
pub struct PreTokenGeneration<'a> {
    /// For what.
    pub source: TokenSource,
    /// For whom; None for a client itself.
    pub user: Option<&'a User>,
    /// The user's groups, as they count.
    pub groups: &'a [Group],
    /// The scopes of the access token.
    pub scopes: &'a [String],
}

/// How tokens differ from what they would hold; empty for no difference.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimsOverride {
    /// Of the ID token.
    pub id: ClaimChange,
    /// Of the access token.
    pub access: ClaimChange,
    /// Scopes that the access token has besides.
    pub scopes_to_add: Vec<String>,
    /// Scopes that it loses.
    pub scopes_to_suppress: Vec<String>,
    /// In the place of all claims of groups; None leaves them.
    pub groups: Option<GroupOverride>,
}

/// How the claims of one token differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimChange {
    /// Claims that are set.
    pub set: BTreeMap<String, Value>,
    /// Claims that are left out, also where they are set.
    pub suppress: Vec<String>,
}

/// Claims of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupOverride {
    /// cognito:groups
    pub groups: Vec<String>,
    /// cognito:roles
    pub roles: Vec<String>,
    /// cognito:preferred_role
    pub preferred_role: Option<String>,
}

/// Nobody has the name.
#[derive(Clone, Copy)]
pub struct UserMigration<'a> {
    /// What was tried.
    pub source: UserMigrationSource,
    /// The password as typed; None for a reset.
    pub password: Option<&'a Sensitive>,
}

/// A user to be made from another directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigratedUser {
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
    /// Whether the password typed is its password; otherwise it has to be reset.
    pub is_confirmed: bool,
    /// Whether no invitation is sent.
    pub suppresses_message: bool,
    /// Whether its aliases are taken from whoever has them.
    pub forces_aliases: bool,
    /// Whether codes by SMS become its second factor.
    pub enables_sms_mfa: bool,
}

/// A message is about to be worded.
#[derive(Clone, Copy, Debug)]
pub struct CustomMessage<'a> {
    /// What it is for.
    pub source: MessageSource,
    /// To whom it goes.
    pub user: &'a User,
}

/// A message in the pool's own words; None for the template's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomWords {
    /// The text of an SMS.
    pub sms: Option<String>,
    /// The body of a mail, HTML.
    pub mail: Option<String>,
    /// The subject of a mail.
    pub subject: Option<String>,
}

/// A message that the pool's function is to send.
#[derive(Clone, Copy)]
pub struct CustomSender<'a> {
    /// What it is for.
    pub source: MessageSource,
    /// To whom it goes.
    pub user: &'a User,
    /// The code, in clear.
    pub code: &'a str,
}

/// A provider has vouched for somebody.
#[derive(Clone, Copy, Debug)]
pub struct InboundFederation<'a> {
    /// The provider.
    pub provider: &'a IdentityProvider,
    /// What it vouches for.
    pub assertion: &'a Assertion,
}
