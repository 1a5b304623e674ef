//! What sealed messages are for.

/// Declares the purposes once: the enum, the list of all, and the label each key is derived with.
macro_rules! purposes {
    ($(#[$docs:meta])* @ $($(#[$doc:meta])* $name:ident = $label:literal,)*) => {
        $(#[$docs])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Purpose {
            $($(#[$doc])* $name,)*
        }

        impl Purpose {
            /// Every purpose, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What goes into key derivation. To change one is to lose what was sealed under it.
            pub(crate) const fn label(self) -> &'static str {
                match self {
                    $(Self::$name => $label,)*
                }
            }
        }
    };
}

purposes! {
    /// What a sealed message is for. Each purpose has its own subkeys: what was sealed for one
    /// cannot be opened for another.
    @
    /// `Session` of an authentication challenge.
    Session = "session",
    /// `SECRET_BLOCK` of an SRP challenge.
    SecretBlock = "secret-block",
    /// The state a sign-in page carries in its form.
    LoginPage = "login-page",
    /// A token against cross-site request forgery.
    Csrf = "csrf",
    /// The managed-login cookie.
    LoginCookie = "login-cookie",
    /// What is remembered of a browser on its way to an upstream identity provider.
    FederationState = "federation-state",
    /// A page token (`NextToken`, `PaginationToken`).
    PageToken = "page-token",
    /// A WebAuthn challenge.
    WebAuthnChallenge = "webauthn-challenge",
    /// A refresh token.
    RefreshToken = "refresh-token",
    /// A user's SRP salt and verifier, or another password verifier.
    PasswordVerifier = "password-verifier",
    /// A device's SRP salt and verifier.
    DeviceVerifier = "device-verifier",
    /// A TOTP seed.
    TotpSeed = "totp-seed",
    /// An app client's secret.
    ClientSecret = "client-secret",
    /// A user pool's private signing key (PKCS #8).
    SigningKey = "signing-key",
    /// The secret of an upstream identity provider.
    ProviderSecret = "provider-secret",
    /// The secret half of an access key.
    AccessKey = "access-key",
    /// A message waiting to be sent, whose text holds a code.
    Message = "message",
    /// The digits of a code that was sent.
    Code = "code",
    /// What a user who does not exist would have had: see [`crate::Vault::derive_dummy`].
    Dummy = "dummy",
}
