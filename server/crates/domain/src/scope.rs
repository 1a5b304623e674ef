//! OAuth scopes.

/// The scope of API sign-ins: a user's own account.
pub const SELF_SERVICE_SCOPE: &str = "aws.cognito.signin.user.admin";

/// Scopes every pool has.
pub const STANDARD_SCOPES: [&str; 5] = ["openid", "email", "phone", "profile", SELF_SERVICE_SCOPE];

/// A scope that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// One of [`STANDARD_SCOPES`].
    Standard(&'a str),
    /// `IDENTIFIER/NAME` of a resource server. The identifier may hold slashes itself.
    Custom {
        /// the resource server's identifier
        server: &'a str,
        /// the scope's own name
        name: &'a str,
    },
    /// Neither.
    Unknown(&'a str),
}

impl<'a> Scope<'a> {
    /// Reads one scope.
    pub fn parse(text: &'a str) -> Self {
        if STANDARD_SCOPES.contains(&text) {
            return Self::Standard(text);
        }
        match text.rsplit_once('/') {
            Some((server, name)) if !server.is_empty() && !name.is_empty() => Self::Custom { server, name },
            _ => Self::Unknown(text),
        }
    }
}
