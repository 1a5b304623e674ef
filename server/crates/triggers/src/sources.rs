//! What a hook is called for: the part of triggerSource behind the underscore. Hooks that are not named here have one
//! source only.

/// A closed list of sources.
macro_rules! sources {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $source:ident),* $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $source),*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$source),*];

            /// As triggerSource says it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$source => stringify!($source)),*
                }
            }
        }
    };
}

sources! {
    /// Who makes a user.
    PreSignUpSource {
        /// The user.
        SignUp,
        /// An administrator.
        AdminCreateUser,
        /// A first sign-in through an identity provider.
        ExternalProvider,
    }
}

sources! {
    /// What was confirmed.
    PostConfirmationSource {
        /// A sign-up.
        ConfirmSignUp,
        /// A new password.
        ConfirmForgotPassword,
    }
}

sources! {
    /// What tokens are made for.
    TokenSource {
        /// A sign-in on the hosted pages or through an identity provider.
        HostedAuth,
        /// A sign-in by the API.
        Authentication,
        /// One in which a temporary password was replaced.
        NewPasswordChallenge,
        /// One in which a remembered device proved itself.
        AuthenticateDevice,
        /// A refresh.
        RefreshTokens,
        /// A client for itself.
        ClientCredentials,
    }
}

sources! {
    /// What an unknown user tried.
    UserMigrationSource {
        /// To sign in.
        Authentication,
        /// To reset a password.
        ForgotPassword,
    }
}

sources! {
    /// What a message is for.
    MessageSource {
        /// The code of a sign-up.
        SignUp,
        /// An invitation.
        AdminCreateUser,
        /// The code of a sign-up again.
        ResendCode,
        /// A code that resets a password.
        ForgotPassword,
        /// The code of an attribute that changes.
        UpdateUserAttribute,
        /// The code of an attribute that is verified on demand.
        VerifyUserAttribute,
        /// The code of a second factor.
        Authentication,
    }
}
