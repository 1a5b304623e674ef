//! Lambda triggers: where a pool calls out to its owner's code.
//!
//! What a pool has configured is known here; no trigger is invoked yet. A configured trigger that would
//! have run fails the call instead of being passed over, because a check that silently does not happen is
//! worse than one that visibly fails.

use domain::{Pool, Reason, Result};

/// A point at which a pool may call its owner's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// before a provider's claims become attributes
    InboundFederation,
    /// before a user is made
    PreSignUp,
    /// after a user or a reset is confirmed
    PostConfirmation,
    /// before a sign-in is judged
    PreAuthentication,
    /// after a sign-in has succeeded
    PostAuthentication,
    /// custom challenges
    DefineAuthChallenge,
    /// before tokens are made
    PreTokenGeneration,
    /// when a user is unknown
    UserMigration,
    /// before a mail or SMS is worded
    CustomMessage,
    /// instead of sending a mail
    CustomEmailSender,
    /// instead of sending an SMS
    CustomSmsSender,
}

impl Trigger {
    /// Its name in errors.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InboundFederation => "InboundFederation",
            Self::PreSignUp => "PreSignUp",
            Self::PostConfirmation => "PostConfirmation",
            Self::PreAuthentication => "PreAuthentication",
            Self::PostAuthentication => "PostAuthentication",
            Self::DefineAuthChallenge => "DefineAuthChallenge",
            Self::PreTokenGeneration => "PreTokenGeneration",
            Self::UserMigration => "UserMigration",
            Self::CustomMessage => "CustomMessage",
            Self::CustomEmailSender => "CustomEmailSender",
            Self::CustomSmsSender => "CustomSMSSender",
        }
    }

    /// The function the pool names for it.
    pub fn function(self, pool: &Pool) -> Option<&str> {
        let config = pool.settings.lambda_config.as_ref()?;
        match self {
            Self::InboundFederation => {
                config.inbound_federation.as_ref().map(|versioned| versioned.lambda_arn.as_str())
            }
            Self::PreSignUp => config.pre_sign_up.as_deref(),
            Self::PostConfirmation => config.post_confirmation.as_deref(),
            Self::PreAuthentication => config.pre_authentication.as_deref(),
            Self::PostAuthentication => config.post_authentication.as_deref(),
            Self::DefineAuthChallenge => config.define_auth_challenge.as_deref(),
            Self::PreTokenGeneration => config
                .pre_token_generation_config
                .as_ref()
                .map(|versioned| versioned.lambda_arn.as_str())
                .or(config.pre_token_generation.as_deref()),
            Self::UserMigration => config.user_migration.as_deref(),
            Self::CustomMessage => config.custom_message.as_deref(),
            Self::CustomEmailSender => config.custom_email_sender.as_ref().map(|sender| sender.lambda_arn.as_str()),
            Self::CustomSmsSender => config.custom_sms_sender.as_ref().map(|sender| sender.lambda_arn.as_str()),
        }
    }
}

/// Fails where the pool has the trigger configured.
///
/// # Errors
/// `UnexpectedLambdaException`, naming the function.
pub fn run(pool: &Pool, trigger: Trigger) -> Result<()> {
    match trigger.function(pool) {
        None => Ok(()),
        Some(function) => Err(Reason::TriggerFailed {
            function: function.to_owned(),
            failure: format!("{} triggers are not available yet", trigger.as_str()),
        }
        .into()),
    }
}
