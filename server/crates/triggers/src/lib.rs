//! Lambda triggers: where a pool calls out to its owner's code.
//!
//! Each hook is one method of [`Triggers`]: an event goes in, an outcome comes out. A hook that the pool has not
//! configured does nothing. No function is invoked yet: a configured one that would have run fails the call instead of
//! being passed over, because a check that silently does not happen is worse than one that visibly fails.

mod events;
mod hook;
mod sources;

use std::collections::BTreeMap;

use domain::{Pool, Reason, Result};
use protocol::idp::PreTokenGenerationLambdaVersionType;
use serde_json::Value;

pub use events::{
    Call, ClaimChange, ClaimsOverride, CreateAuthChallenge, CreatedChallenge, CustomMessage, CustomSender, CustomWords,
    DefineAuthChallenge, DefinedChallenge, GroupOverride, InboundFederation, MigratedUser, PostAuthentication,
    PostConfirmation, PreAuthentication, PreSignUp, PreSignUpAnswer, PreTokenGeneration, UserMigration,
    VerifyAuthChallenge,
};
pub use hook::Hook;
pub use sources::{MessageSource, PostConfirmationSource, PreSignUpSource, TokenSource, UserMigrationSource};

/// Runs the functions of pools. Every method fails with [`Reason::TriggerFailed`], naming the function, where it cannot
/// be run.
#[derive(Clone, Debug, Default)]
pub struct Triggers {}

impl Triggers {
    /// Before a provider's claims become attributes. Answers the claims in whose place they are to be taken; None where
    /// they are to stay.
    pub async fn inbound_federation(
        &self,
        call: &Call<'_>,
        _: &InboundFederation<'_>,
    ) -> Result<Option<BTreeMap<String, Value>>> {
        invoke(Hook::InboundFederation, call.pool).map(|()| None)
    }

    /// Before a user is made.
    pub async fn pre_sign_up(&self, call: &Call<'_>, _: &PreSignUp<'_>) -> Result<PreSignUpAnswer> {
        invoke(Hook::PreSignUp, call.pool).map(|()| PreSignUpAnswer::default())
    }

    /// After a user or a reset is confirmed.
    pub async fn post_confirmation(&self, call: &Call<'_>, _: &PostConfirmation<'_>) -> Result<()> {
        invoke(Hook::PostConfirmation, call.pool)
    }

    /// Before a sign-in is judged, once its user is looked up.
    pub async fn pre_authentication(&self, call: &Call<'_>, _: &PreAuthentication<'_>) -> Result<()> {
        invoke(Hook::PreAuthentication, call.pool)
    }

    /// After a sign-in has succeeded, before tokens are made.
    pub async fn post_authentication(&self, call: &Call<'_>, _: &PostAuthentication<'_>) -> Result<()> {
        invoke(Hook::PostAuthentication, call.pool)
    }

    /// At every step of a custom sign-in. A pool without a function has no custom sign-ins.
    pub async fn define_auth_challenge(
        &self,
        call: &Call<'_>,
        _: &DefineAuthChallenge<'_>,
    ) -> Result<DefinedChallenge> {
        invoke(Hook::DefineAuthChallenge, call.pool).map(|()| DefinedChallenge::Failed)
    }

    /// Makes a custom challenge.
    pub async fn create_auth_challenge(
        &self,
        call: &Call<'_>,
        _: &CreateAuthChallenge<'_>,
    ) -> Result<CreatedChallenge> {
        invoke(Hook::CreateAuthChallenge, call.pool).map(|()| CreatedChallenge::default())
    }

    /// Whether the answer to a custom challenge is right.
    pub async fn verify_auth_challenge(&self, call: &Call<'_>, _: &VerifyAuthChallenge<'_>) -> Result<bool> {
        invoke(Hook::VerifyAuthChallenge, call.pool).map(|()| false)
    }

    /// Before tokens are made. For a client itself, only functions of version V3_0 run.
    pub async fn pre_token_generation(
        &self,
        call: &Call<'_>,
        event: &PreTokenGeneration<'_>,
    ) -> Result<ClaimsOverride> {
        if event.source == TokenSource::ClientCredentials && !is_told_of_clients(call.pool) {
            return Ok(ClaimsOverride::default());
        }
        invoke(Hook::PreTokenGeneration, call.pool).map(|()| ClaimsOverride::default())
    }

    /// When nobody has the name; answers the user to be made.
    pub async fn user_migration(&self, call: &Call<'_>, _: &UserMigration<'_>) -> Result<Option<MigratedUser>> {
        invoke(Hook::UserMigration, call.pool).map(|()| None)
    }

    /// Before a mail or SMS is worded.
    pub async fn custom_message(&self, call: &Call<'_>, _: &CustomMessage<'_>) -> Result<CustomWords> {
        invoke(Hook::CustomMessage, call.pool).map(|()| CustomWords::default())
    }

    /// Whether the pool's function sends the mail.
    pub async fn custom_email_sender(&self, call: &Call<'_>, _: &CustomSender<'_>) -> Result<bool> {
        invoke(Hook::CustomEmailSender, call.pool).map(|()| false)
    }

    /// Whether the pool's function sends the SMS.
    pub async fn custom_sms_sender(&self, call: &Call<'_>, _: &CustomSender<'_>) -> Result<bool> {
        invoke(Hook::CustomSmsSender, call.pool).map(|()| false)
    }
}

/// Whether the pool's function takes the event of a client that gets tokens for itself.
fn is_told_of_clients(pool: &Pool) -> bool {
    let config = pool.settings.lambda_config.as_ref();
    let versioned = config.and_then(|config| config.pre_token_generation_config.as_ref());
    versioned.is_some_and(|config| config.lambda_version == PreTokenGenerationLambdaVersionType::V3_0)
}

/// Fails where the pool has a function for the hook.
fn invoke(hook: Hook, pool: &Pool) -> Result<()> {
    match hook.function(pool) {
        None => Ok(()),
        Some(function) => Err(Reason::TriggerFailed {
            function: function.to_owned(),
            failure: format!("{} triggers are not available yet", hook.as_str()),
        }
        .into()),
    }
}

#[cfg(test)]
mod tests;
