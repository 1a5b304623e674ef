//! The whole server in this process, with a source of chance that panics when it is told to and a log that can be read.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use flows::Latchkey;
use http::{HeaderMap, Request, StatusCode};
use latchkey::logs::{Format, Level, subscriber};
use latchkey::{AppState, Draining};
use latchkey_tests::{Options, TestServer};
use messages::Mailbox;
use serde_json::Value;
use tower::ServiceExt;
use tracing::subscriber::DefaultGuard;
use world::fake::FakeWorld;

/// A server with the demo pool in it.
pub(crate) struct Served {
    pub(crate) latchkey: Latchkey,
    pub(crate) world: FakeWorld,
    pub(crate) router: Router,
    log: Log,
    _logging: DefaultGuard,
}

/// What a request was answered with.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answered {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Served {
    pub(crate) async fn new() -> Self {
        let log = Log::default();
        // At this level no span is made that could tell a line's request.
        let logging = tracing::subscriber::set_default(subscriber(Format::Json, Level::Error, log.clone()));
        let server = TestServer::with(Options::default());
        assert!(latchkey::seed::seed(&server.latchkey).await.unwrap());
        let router = latchkey::app(AppState {
            latchkey: server.latchkey.clone(),
            proxies: Arc::new([]),
            mailbox: Some(Arc::new(Mailbox::new(server.world.world()))),
            draining: Draining::default(),
        });
        Self { latchkey: server.latchkey.clone(), world: server.world.clone(), router, log, _logging: logging }
    }

    /// Has chance panic at the next draw but one: the first is the request's id.
    pub(crate) fn panic_in_handler(&self) {
        self.world.entropy.panic_after(1);
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answered { status: parts.status, headers: parts.headers, body }
    }

    /// The log's lines since this was last asked.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let text = std::mem::take(&mut *self.log.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8(text).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> tracing_subscriber::fmt::MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
