//! The way out: requests to other machines, through one guard.
//!
//! A request goes to the public internet by https, at port 443 or 80 as Amazon's does, or to a network that the
//! operator has named. The guard judges the addresses that are then connected to, not a name: whatever notation a host
//! is written in, and whatever a name server answers the second time, nothing else is reached. One connection per
//! request; redirects are answers like others; no proxy is asked; bodies are taken as they come, never decompressed.

mod address;
mod exchange;

pub(crate) use exchange::read_certificates;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tokio::net::{TcpStream, lookup_host};
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::{Host, Url};
use world::{FetchLimits, Net, NetError};

use crate::settings::Cidr;
use address::is_public;

/// Requests under way at once; a further one waits for a place within its own time.
const AT_ONCE: usize = 64;
/// Addresses of one name that are tried.
const TRIED: usize = 4;
/// For one address to take the connection, so that a dead one does not cost all the time there is.
const CONNECT: Duration = Duration::from_secs(3);

/// Where requests may go.
#[derive(Clone, Debug, Default)]
pub struct Outbound {
    /// Networks that may be asked although they are special: at any port, and in plain http.
    pub networks: Vec<Cidr>,
    /// A file of certificates (PEM) that are trusted besides the platform's.
    pub ca_file: Option<PathBuf>,
}

impl Outbound {
    /// Whether the address may be asked, and for what.
    pub fn allows(&self, is_https: bool, at: SocketAddr) -> bool {
        self.networks.iter().any(|network| network.contains(at.ip()))
            || (is_https && matches!(at.port(), 443 | 80) && is_public(at.ip()))
    }
}

/// Asks a name server.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// All addresses of a host name.
    async fn look_up(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The operating system's resolver.
struct System;

#[async_trait]
impl Resolve for System {
    async fn look_up(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// The real network.
pub struct Guarded {
    outbound: Outbound,
    resolver: Arc<dyn Resolve>,
    places: Semaphore,
    tls: OnceCell<TlsConnector>,
}

impl Guarded {
    /// The network within these bounds.
    pub fn new(outbound: Outbound) -> Self {
        Self::with_resolver(outbound, Arc::new(System))
    }

    /// The same with another resolver than the operating system's.
    pub fn with_resolver(outbound: Outbound, resolver: Arc<dyn Resolve>) -> Self {
        Self { outbound, resolver, places: Semaphore::new(AT_ONCE), tls: OnceCell::new() }
    }

    async fn ask(&self, request: Request<Bytes>, most: usize) -> Result<Response<Bytes>, NetError> {
        let _place = self.places.acquire().await.map_err(|_| NetError::Connect("shutting down".to_owned()))?;
        let target = Target::of(&request)?;
        let stream = self.connect(&target).await?;
        let request = exchange::prepare(request, &target)?;
        if target.is_https {
            let tls = self.tls.get_or_try_init(|| exchange::connector(self.outbound.ca_file.clone())).await?;
            let stream = exchange::encrypt(tls, &target, stream).await?;
            exchange::exchange(stream, request, most).await
        } else {
            exchange::exchange(stream, request, most).await
        }
    }

    /// A connection to the first of the host's addresses that may be asked and answers.
    async fn connect(&self, target: &Target) -> Result<TcpStream, NetError> {
        let addresses = match &target.host {
            Host::Ipv4(address) => vec![IpAddr::V4(*address)],
            Host::Ipv6(address) => vec![IpAddr::V6(*address)],
            Host::Domain(name) => {
                let found = self.resolver.look_up(name).await;
                found.map_err(|error| NetError::Connect(format!("{name}: {error}")))?
            }
        };
        if addresses.is_empty() {
            return Err(NetError::Connect(format!("{}: no address", target.host)));
        }
        let allowed: Vec<SocketAddr> = addresses
            .iter()
            .map(|address| SocketAddr::new(*address, target.port))
            .filter(|at| self.outbound.allows(target.is_https, *at))
            .take(TRIED)
            .collect();
        if allowed.is_empty() {
            return Err(target.forbidden());
        }
        let mut why = NetError::Timeout;
        for at in allowed {
            match timeout(CONNECT, TcpStream::connect(at)).await {
                Ok(Ok(stream)) => {
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) => why = NetError::Connect(format!("{at}: {error}")),
                Err(_) => why = NetError::Connect(format!("{at}: no answer in {} s", CONNECT.as_secs())),
            }
        }
        Err(why)
    }
}

#[async_trait]
impl Net for Guarded {
    async fn fetch(&self, request: Request<Bytes>, limits: FetchLimits) -> Result<Response<Bytes>, NetError> {
        match timeout(limits.timeout, self.ask(request, limits.max_bytes)).await {
            Ok(answer) => answer,
            Err(_) => Err(NetError::Timeout),
        }
    }
}

/// Whom a request is for.
struct Target {
    is_https: bool,
    /// As browsers read it: `0x7f.1`, `2130706433` and `127.0.0.1.` are the address they stand for.
    host: Host<String>,
    port: u16,
}

impl Target {
    fn of(request: &Request<Bytes>) -> Result<Self, NetError> {
        let forbidden = |why: &str| NetError::Forbidden(why.to_owned());
        let url = Url::parse(&request.uri().to_string()).map_err(|_| forbidden("not an absolute URL"))?;
        let is_https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(forbidden("neither https nor http")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(forbidden("a URL with a user name"));
        }
        let host = url.host().ok_or_else(|| forbidden("a URL without a host"))?.to_owned();
        let port = url.port_or_known_default().ok_or_else(|| forbidden("a URL without a port"))?;
        Ok(Self { is_https, host, port })
    }

    fn forbidden(&self) -> NetError {
        let scheme = if self.is_https { "https" } else { "http" };
        NetError::Forbidden(format!(
            "{scheme}://{}:{} is not a public https address at port 443 or 80, and no network of outbound-networks",
            self.host, self.port
        ))
    }
}
