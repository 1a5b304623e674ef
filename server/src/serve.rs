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
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::app::{AppState, app};
use crate::health::Draining;
use crate::proxies::Peer;
use crate::settings::Settings;
use crate::start::{Fault, Started, start};
use crate::world::wait;

/// For the headers of a request, and between two requests of a connection.
const HEADERS: Duration = Duration::from_secs(30);
/// Streams of one HTTP/2 connection.
const STREAMS: u32 = 128;
/// After a failed accept: the process is out of file descriptors, and others must end first.
const PAUSE: Duration = Duration::from_millis(100);
/// Between two looks at the outbox for what could not be sent, or was left behind by a process that is no more.
const OUTBOX: Duration = Duration::from_secs(5);
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
        let latchkey = self.state.latchkey.clone();
        let draining = self.state.draining.clone();
        let addresses: Vec<String> = self.addresses()?.iter().map(ToString::to_string).collect();
        let router = app(self.state);
        let graceful = Arc::new(GracefulShutdown::new());
        let acceptors: Vec<_> = self
            .listeners
            .into_iter()
            .map(|listener| tokio::spawn(accept(listener, router.clone(), graceful.clone(), stopping.clone())))
            .collect();
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

/// Takes connections until told to stop.
async fn accept(
    listener: TcpListener,
    router: Router,
    graceful: Arc<GracefulShutdown>,
    mut stopping: watch::Receiver<bool>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => take(stream, peer, router.clone(), &graceful),
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

/// Serves one connection in a task of its own.
fn take(stream: TcpStream, peer: SocketAddr, router: Router, graceful: &GracefulShutdown) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS).max_concurrent_streams(STREAMS);
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // Callers that hang up or speak something else are no event of ours.
        if let Err(error) = connection.await {
            tracing::trace!(error, "a connection broke");
        }
    });
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
