//! The hooks of a pool, and the functions that it has configured for them.

use domain::Pool;

/// A point at which a pool may call its owner's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Before a provider's claims become attributes.
    InboundFederation,
    /// Before a user is made.
    PreSignUp,
    /// After a user or a reset is confirmed.
    PostConfirmation,
    /// Before a sign-in is judged.
    PreAuthentication,
    /// After a sign-in has succeeded.
    PostAuthentication,
    /// What a custom sign-in needs next.
    DefineAuthChallenge,
    /// Making a custom challenge.
    CreateAuthChallenge,
    /// Judging the answer to a custom challenge.
    VerifyAuthChallenge,
    /// Before tokens are made.
    PreTokenGeneration,
    /// When a user is unknown.
    UserMigration,
    /// Before a mail or SMS is worded.
    CustomMessage,
    /// Instead of sending a mail.
    CustomEmailSender,
    /// Instead of sending an SMS.
    CustomSmsSender,
}

impl Hook {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::InboundFederation,
        Self::PreSignUp,
        Self::PostConfirmation,
        Self::PreAuthentication,
        Self::PostAuthentication,
        Self::DefineAuthChallenge,
        Self::CreateAuthChallenge,
        Self::VerifyAuthChallenge,
        Self::PreTokenGeneration,
        Self::UserMigration,
        Self::CustomMessage,
        Self::CustomEmailSender,
        Self::CustomSmsSender,
    ];

    /// Its name in errors, and the part of triggerSource before the underscore.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InboundFederation => "InboundFederation",
            Self::PreSignUp => "PreSignUp",
            Self::PostConfirmation => "PostConfirmation",
            Self::PreAuthentication => "PreAuthentication",
            Self::PostAuthentication => "PostAuthentication",
            Self::DefineAuthChallenge => "DefineAuthChallenge",
            Self::CreateAuthChallenge => "CreateAuthChallenge",
            Self::VerifyAuthChallenge => "VerifyAuthChallengeResponse",
            Self::PreTokenGeneration => "PreTokenGeneration",
            Self::UserMigration => "UserMigration",
            Self::CustomMessage => "CustomMessage",
            Self::CustomEmailSender => "CustomEmailSender",
            Self::CustomSmsSender => "CustomSMSSender",
        }
    }

    /// The function that the pool names for it.
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
            Self::CreateAuthChallenge => config.create_auth_challenge.as_deref(),
            Self::VerifyAuthChallenge => config.verify_auth_challenge_response.as_deref(),
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

    /// Whether the pool has a function for it.
    pub fn is_configured(self, pool: &Pool) -> bool {
        self.function(pool).is_some()
    }
}
