//! What the engine asks of its surroundings. The engine itself has no socket, no clock, no chance and no disk.

use alloc::string::String;

use zeroize::Zeroizing;

use crate::error::Result;
use crate::json::Json;

/// One HTTP request.
pub struct Request<'a> {
    /// Absolute address.
    pub url: &'a str,
    /// The body and its headers for a POST; a GET without.
    pub post: Option<Post<'a>>,
}

/// The body of a POST.
pub struct Post<'a> {
    /// `Content-Type`.
    pub content_type: &'static str,
    /// `X-Amz-Target`, for the AWS door.
    pub target: Option<&'a str>,
    /// The body; may hold a password, so it is wiped.
    pub body: Zeroizing<String>,
}

/// One HTTP answer.
pub struct Response {
    /// The status.
    pub status: u16,
    /// `x-amzn-RequestId`, if it may be read.
    pub request_id: Option<String>,
    /// The body.
    pub body: String,
}

/// The network.
pub trait Transport {
    /// Sends a request. Bounded in time: a host that waits for ever would hang a sign-in.
    ///
    /// # Errors
    /// [`crate::Kind::Network`] whenever there is no complete HTTP answer.
    async fn send(&self, request: Request<'_>) -> Result<Response>;
}

/// Where a value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// The store the app chose: tokens and device secrets.
    Kept,
    /// What must outlive one navigation in this tab and nothing else: a redirect sign-in under way.
    Tab,
}

/// Storage. Several engines (tabs) may share one.
pub trait Storage {
    /// The value under `key`.
    ///
    /// # Errors
    /// [`crate::Kind::Storage`] when the store fails.
    async fn load(&self, area: Area, key: &str) -> Result<Option<String>>;
    /// Sets or, with `None`, removes the value under `key`.
    ///
    /// # Errors
    /// [`crate::Kind::Storage`] when the store fails.
    async fn save(&self, area: Area, key: &str, value: Option<&str>) -> Result<()>;
}

/// The clock: milliseconds since 1970 as this machine believes.
pub trait Clock {
    /// Now.
    fn now(&self) -> i64;
}

/// Chance.
pub trait Entropy {
    /// Fills `bytes` from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);
}

/// A lock shared by every engine over the same storage.
pub trait Lock {
    /// Held until dropped.
    type Guard<'a>
    where
        Self: 'a;
    /// Waits for the lock, a bounded time: a tab that froze while holding it must not hang the others, so after that
    /// the lock is taken by force. The engine therefore fences what it writes.
    async fn lock<'a>(&'a self, name: &str) -> Self::Guard<'a>;
}

/// Signature checks, done by the platform (SubtleCrypto in browsers and Node).
pub trait Verify {
    /// Whether `signature` (base64url, as a token carries it) over `input` was made by the key `jwk` (a member of a JWKS)
    /// under the algorithm `alg`.
    async fn verify(&self, jwk: &Json, alg: &str, input: &str, signature: &str) -> bool;
}

/// Hears what happens to the session.
pub trait Listen {
    /// The session changed.
    fn changed(&self, change: Change<'_>);
}

/// A change of the session.
#[derive(Clone, Copy)]
pub enum Change<'a> {
    /// Somebody signed in here.
    SignedIn(&'a crate::session::Session),
    /// New tokens were fetched here.
    Refreshed(&'a crate::session::Session),
    /// A session written by another tab was taken over.
    Adopted(&'a crate::session::Session),
    /// The session is over.
    SignedOut(Ending),
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Signed out here.
    Here,
    /// Signed out in another tab.
    Elsewhere,
    /// The service refused the refresh token.
    Refused,
}

impl Ending {
    /// The word callers see.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Ending::Here => "signed-out",
            Ending::Elsewhere => "elsewhere",
            Ending::Refused => "expired",
        }
    }
}

/// Everything together.
pub trait Host: Transport + Storage + Clock + Entropy + Lock + Verify + Listen {}
impl<T: Transport + Storage + Clock + Entropy + Lock + Verify + Listen> Host for T {}
