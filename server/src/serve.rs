//! Listening, answering, stopping.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use flows::Latchkey;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

use crate::app::{AppState, app};
use crate::connections::{Activity, Connections, Permit, REFUSALS, hold, raise_file_limit, refuse};
use crate::health::Draining;
use crate::proxies::Peer;
use crate::settings::{Cidr, Settings};
use crate::start::{Fault, Started, start};
use crate::world::wait;

/// For a connection's first request to begin, for the headers of each, and between two requests.
const HEADERS: Duration = Duration::from_secs(30);
/// A connection whose last request was answered so long ago is closed, whether the answer was read or not.
const IDLE: Duration = Duration::from_secs(90);
/// Streams of one HTTP/2 connection.
const STREAMS: u32 = 128;
/// After a failed accept: the process is out of file descriptors, and others must end first.
const PAUSE: Duration = Duration::from_millis(100);
/// Between two looks at the outbox for what could not be sent, or was left behind by a process that is no more.
const OUTBOX: Duration = Duration::from_secs(5);
/// For the last thing before the end: the database's log goes into its file.
const CHECKPOINT: Duration = Duration::from_secs(5);
/// Between two sweeps of what has expired.
const SWEEP: Duration = Duration::from_secs(300);

/// A server that listens, ready to be run.
pub struct Listening {
    listeners: Vec<TcpListener>,
    settings: Settings,
    state: AppState,
    /// Where browsers reach it.
    pub base_url: String,
    /// What the start has to tell.
    pub started: Started,
}

/// Listens and opens everything; nothing is answered yet.
///
/// # Errors
/// [`Fault`].
pub async fn listen(settings: Settings) -> Result<Listening, Fault> {
    let mut listeners = Vec::new();
    for (address, may_be_missing) in settings.addresses() {
        match TcpListener::bind(address).await {
            Ok(listener) => listeners.push(listener),
            Err(error) if may_be_missing && error.kind() != io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(Fault(format!("cannot listen on {address}: {error}"))),
        }
    }
    let addresses = addresses(&listeners)?;
    let port = addresses.first().map_or(crate::settings::PORT, SocketAddr::port);
    let base_url = settings.base_url.clone().unwrap_or_else(|| format!("http://localhost:{port}"));
    let started = start(&settings, &base_url).await?;
    let state = AppState {
        latchkey: started.latchkey.clone(),
        proxies: settings.proxies().into(),
        mailbox: started.mailbox.clone(),
        draining: Draining::default(),
    };
    Ok(Listening { listeners, settings, state, base_url, started })
}

fn addresses(listeners: &[TcpListener]) -> Result<Vec<SocketAddr>, Fault> {
    listeners.iter().map(TcpListener::local_addr).collect::<Result<_, _>>().map_err(|error| Fault(error.to_string()))
}

impl Listening {
    /// The addresses listened on.
    ///
    /// # Errors
    /// [`Fault`] where the system does not tell.
    pub fn addresses(&self) -> Result<Vec<SocketAddr>, Fault> {
        addresses(&self.listeners)
    }

    /// Answers until SIGTERM or SIGINT; then ends what is under way, as long as the settings allow. SIGHUP is ignored.
    ///
    /// # Errors
    /// [`Fault`] where signals cannot be heard.
    pub async fn run(self) -> Result<(), Fault> {
        let deaf = |error: io::Error| Fault(format!("signals: {error}"));
        let mut term = signal(SignalKind::terminate()).map_err(deaf)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(deaf)?;
        let mut hang_up = signal(SignalKind::hangup()).map_err(deaf)?;
        let (stop, stopping) = watch::channel(false);
        let room = raise_file_limit();
        let most = self.settings.max_connections.unwrap_or(room).min(room);
        if self.settings.max_connections.is_some_and(|wanted| wanted > most) {
            tracing::warn!(max_connections = most, "the limit of open files allows no more connections");
        }
        let of_one = self.settings.max_connections_per_address;
        let proxies: Arc<[Cidr]> = self.settings.proxies().into();
        let connections = Arc::new(Connections::new(most, of_one, proxies));
        let latchkey = self.state.latchkey.clone();
        let draining = self.state.draining.clone();
        let addresses: Vec<String> = self.addresses()?.iter().map(ToString::to_string).collect();
        let router = app(self.state);
        let graceful = Arc::new(GracefulShutdown::new());
        let refusals = Arc::new(Semaphore::new(REFUSALS));
        let serving = Serving { router, graceful: graceful.clone(), connections, refusals };
        let acceptors: Vec<_> = self
            .listeners
            .into_iter()
            .map(|listener| tokio::spawn(accept(listener, serving.clone(), stopping.clone())))
            .collect();
        // Only the acceptors may go on with it: see below.
        drop(serving);
        let sweeper = tokio::spawn(sweep(latchkey.clone()));
        let outbox = tokio::spawn(send_messages(latchkey.clone(), stopping.clone()));
        tracing::info!(addresses = addresses.join(", "), base_url = self.base_url, "listening");

        loop {
            tokio::select! {
                _ = term.recv() => break,
                _ = interrupt.recv() => break,
                // There is nothing to read anew; but unheard it would end the process.
                _ = hang_up.recv() => {}
            }
        }
        tracing::info!("stopping");
        draining.begin();
        sweeper.abort();
        let _ = stop.send(true);
        // With the acceptors end their shares in the list of connections.
        for acceptor in acceptors {
            let _ = acceptor.await;
        }
        let patience = Duration::from_secs(self.settings.shutdown_seconds);
        let end = async {
            if let Ok(graceful) = Arc::try_unwrap(graceful) {
                graceful.shutdown().await;
            }
            // Their callers were answered already.
            latchkey.outbox().drain().await;
            let _ = outbox.await;
        };
        tokio::select! {
            () = end => tracing::info!("stopped"),
            () = wait(patience) => tracing::warn!("stopped with requests under way"),
            () = either(&mut term, &mut interrupt) => tracing::warn!("stopped at once"),
        }
        // A copy of the database's file alone is whole then.
        tokio::select! {
            written = latchkey.store().checkpoint() => if let Err(error) = written {
                tracing::warn!(%error, "the log beside the database's file still holds a part of it");
            },
            () = wait(CHECKPOINT) => tracing::warn!("the log beside the database's file could not be emptied in time"),
        }
        let messages = latchkey.outbox().waiting();
        if messages > 0 {
            tracing::warn!(messages, "stopped before these had left: they are sent after the next start");
        }
        Ok(())
    }
}

async fn either(term: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// What every connection is served with.
#[derive(Clone)]
struct Serving {
    router: Router,
    graceful: Arc<GracefulShutdown>,
    connections: Arc<Connections>,
    /// How many callers may be told at a time that there is no place for them.
    refusals: Arc<Semaphore>,
}

/// Takes connections until told to stop.
async fn accept(listener: TcpListener, serving: Serving, mut stopping: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => serving.take(stream, peer),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot take connections");
                wait(PAUSE).await;
            }
        }
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

impl Serving {
    /// Serves one connection in a task of its own, or says that there is no place for it.
    fn take(&self, stream: TcpStream, peer: SocketAddr) {
        match self.connections.admit(peer.ip()) {
            Some(permit) => {
                let _ = stream.set_nodelay(true);
                tokio::spawn(self.serve(stream, peer, permit));
            }
            None => {
                if let Ok(slot) = Arc::clone(&self.refusals).try_acquire_owned() {
                    tokio::spawn(async move {
                        refuse(stream).await;
                        drop(slot);
                    });
                }
            }
        }
    }

    /// Answers the requests of a connection, which ends by itself when it has none.
    fn serve(
        &self,
        io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        peer: SocketAddr,
        permit: Permit,
    ) -> impl Future<Output = ()> + Send + 'static {
        let activity = Arc::new(Activity::default());
        let (router, begun) = (self.router.clone(), Arc::clone(&activity));
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            let under_way = begun.begin();
            let answer = router.clone().oneshot(request.map(Body::new));
            async move {
                let answer = answer.await;
                drop(under_way);
                answer
            }
        });
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
        builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS).max_concurrent_streams(STREAMS);
        let connection = self.graceful.watch(builder.serve_connection(TokioIo::new(io), service).into_owned());
        hold(connection, activity, permit, HEADERS, IDLE)
    }
}

/// Sends what lies in the outbox, from time to time, until told to stop; what is being sent then is sent to the end.
async fn send_messages(latchkey: Latchkey, mut stopping: watch::Receiver<bool>) {
    loop {
        latchkey.send_due_messages().await;
        tokio::select! {
            () = wait(OUTBOX) => {}
            _ = stopping.changed() => return,
        }
    }
}

/// Forgets what has expired, from time to time.
async fn sweep(latchkey: Latchkey) {
    loop {
        wait(SWEEP).await;
        match latchkey.store().sweep(latchkey.now()).await {
            Ok(rows) => tracing::debug!(rows, "swept"),
            Err(error) => tracing::error!(%error, "sweeping failed"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::Instant;

    use super::*;

    fn serving() -> Serving {
        Serving {
            router: Router::new().route("/", get(|| async { "answered" })),
            graceful: Arc::default(),
            connections: Arc::new(Connections::new(10, 10, Arc::default())),
            refusals: Arc::new(Semaphore::new(1)),
        }
    }

    fn connect(serving: &Serving) -> DuplexStream {
        let (near, far) = duplex(64 * 1024);
        let peer: SocketAddr = ([203, 0, 113, 9], 4711).into();
        tokio::spawn(serving.serve(far, peer, serving.connections.admit(peer.ip()).unwrap()));
        near
    }

    /// How long until the other end has closed.
    async fn closed_after(stream: &mut DuplexStream) -> Duration {
        let begun = Instant::now();
        let mut read = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(3_600), stream.read_to_end(&mut read)).await;
        assert!(closed.is_ok(), "never closed");
        begun.elapsed()
    }

    // Time is tokio's own here, and passes when everybody waits for it.
    #[tokio::test(start_paused = true)]
    async fn who_begins_no_request_is_let_go() {
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        let whole = [preface.as_slice(), &settings].concat();
        for sent in
            [b"".as_slice(), b"P", &preface[..12], preface, &whole, b"GET / HT", b"GET / HTTP/1.1\r\nhost: a\r\n"]
        {
            let serving = serving();
            let mut stream = connect(&serving);
            stream.write_all(sent).await.unwrap();
            let after = closed_after(&mut stream).await;
            assert!(after <= HEADERS + Duration::from_secs(1), "{sent:?}: {after:?}");
            assert_eq!(serving.connections.open(), 0, "{sent:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_had_an_answer_is_let_go_later() {
        let serving = serving();
        let mut stream = connect(&serving);
        stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
        assert!(closed_after(&mut stream).await <= 2 * IDLE);
        assert_eq!(serving.connections.open(), 0);
    }
}
