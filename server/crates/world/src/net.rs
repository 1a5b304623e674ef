//! Requests to other machines.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

/// How much of an answer to take, and how long to wait for the whole of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// The largest body accepted, in bytes; a longer one is [`NetError::TooLarge`].
    pub max_bytes: usize,
    /// From the first look-up to the last byte of the body.
    pub timeout: Duration,
}

/// Why a request brought no answer. An answer with an error status is an answer, not a `NetError`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// The address may not be asked at all: scheme, host or network is not allowed.
    #[error("the address may not be asked: {0}")]
    Forbidden(String),
    /// No connection: name look-up, TCP or TLS failed.
    #[error("no connection: {0}")]
    Connect(String),
    /// [`FetchLimits::timeout`] passed first.
    #[error("no answer in time")]
    Timeout,
    /// The body is longer than [`FetchLimits::max_bytes`].
    #[error("the answer is longer than {limit} bytes")]
    TooLarge {
        /// The limit that was passed, in bytes.
        limit: usize,
    },
    /// The exchange broke off or was not HTTP.
    #[error("the exchange failed: {0}")]
    Protocol(String),
}

/// Asks other machines over HTTP.
#[async_trait]
pub trait Net: Send + Sync {
    /// Sends one request to the absolute URI it carries and reads the whole answer. Redirects are
    /// not followed: whoever asks decides whether the new address may be asked.
    async fn fetch(&self, request: Request<Bytes>, limits: FetchLimits) -> Result<Response<Bytes>, NetError>;
}
