//! The guard against real sockets on loopback.
//!
//! The fixtures are a root (its key is gone) and a certificate of it for `idp.test` and 127.0.0.1, until 2126.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::Request;
use latchkey::net::{Guarded, Outbound, Resolve};
use latchkey::settings::Cidr;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use world::{FetchLimits, Net as _, NetError};

/// Long enough for everything that does not wait.
const LIMITS: FetchLimits = FetchLimits { max_bytes: 1_000_000, timeout: Duration::from_secs(30) };
/// Short, for what waits for ever.
const SOON: FetchLimits = FetchLimits { max_bytes: 1_000_000, timeout: Duration::from_millis(200) };

/// A resolver that gives one answer after the other, then its last again, and counts.
struct Script {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    asked: AtomicUsize,
}

impl Script {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let address = |text: &&str| text.parse().unwrap();
        let answers = answers.iter().rev().map(|answer| answer.iter().map(address).collect()).collect();
        Arc::new(Self { answers: Mutex::new(answers), asked: AtomicUsize::new(0) })
    }
}

#[async_trait]
impl Resolve for Script {
    async fn look_up(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        Ok(if answers.len() > 1 { answers.pop().unwrap() } else { answers[0].clone() })
    }
}

fn within(networks: &[&str]) -> Outbound {
    Outbound { networks: networks.iter().map(|text| Cidr::parse(text).unwrap()).collect(), ca_file: None }
}

fn loopback() -> Guarded {
    Guarded::new(within(&["127.0.0.0/8", "::1"]))
}

fn get(url: impl AsRef<str>) -> Request<Bytes> {
    Request::get(url.as_ref()).body(Bytes::new()).unwrap()
}

/// A server on `ip` that answers every request with the same bytes, then waits for ever or closes.
struct Server {
    at: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(ip: &str, answer: impl Into<Vec<u8>>, closes: bool) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let at = listener.local_addr().unwrap();
        let (requests, answer) = (Arc::new(Mutex::new(Vec::new())), answer.into());
        let seen = requests.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, answer.clone(), seen.clone(), closes));
            }
        });
        Self { at, requests }
    }

    async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        Self::start("127.0.0.1", answer, true).await
    }

    fn url(&self) -> String {
        format!("http://{}/path?query=1", self.at)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: Vec<u8>,
    seen: Arc<Mutex<Vec<String>>>,
    closes: bool,
) {
    let mut request = Vec::new();
    while !request.windows(4).any(|four| four == b"\r\n\r\n") {
        let mut byte = [0; 1];
        if stream.read(&mut byte).await.unwrap_or(0) == 0 {
            return;
        }
        request.push(byte[0]);
    }
    seen.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
    let _ = stream.write_all(&answer).await;
    if closes {
        let _ = stream.shutdown().await;
    } else {
        std::future::pending::<()>().await;
    }
}

/// What must never be asked, in the notations people try.
const REFUSED: &[&str] = &[
    // loopback
    "127.0.0.1",
    "127.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7F.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "127.0.0.0x1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    // in IPv6's clothes: mapped, compatible, NAT64 (both prefixes), 6to4, Teredo
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]",
    "[::ffff:10.0.0.1]",
    "[::127.0.0.1]",
    "[::ffff:8.8.8.8]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::8.8.8.8]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:7f00:1::]",
    // unspecified and this network
    "0.0.0.0",
    "0",
    "0x0",
    "0.1.2.3",
    "[::]",
    // private
    "10.0.0.1",
    "10.255.255.255",
    "167772161",
    "0xa.0.0.1",
    "012.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "3232235521",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fdff::1]",
    // link-local, and the clouds' metadata
    "169.254.0.1",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    "192.0.0.192",
    "100.100.100.200",
    "168.63.129.16",
    // shared by carriers, protocol assignments, documentation, benchmarks, 6to4 relays
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "198.18.0.1",
    "198.19.255.255",
    "192.88.99.1",
    "[2001:db8::1]",
    "[3fff::1]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[5f00::1]",
    "[100::1]",
    // multicast, reserved, broadcast
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "4294967295",
    "[ff02::1]",
    "[ff0e::1]",
];

#[tokio::test]
async fn no_special_address_is_asked_in_any_notation() {
    let net = Guarded::with_resolver(Outbound::default(), Script::new(&[&["8.8.8.8"]]));
    for host in REFUSED {
        let answer = net.fetch(get(format!("https://{host}/")), LIMITS).await;
        assert!(matches!(answer, Err(NetError::Forbidden(_))), "{host}: {answer:?}");
    }
}

#[tokio::test]
async fn no_name_leads_to_a_special_address() {
    for host in REFUSED.iter().filter_map(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok()) {
        let text = host.to_string();
        let net = Guarded::with_resolver(Outbound::default(), Script::new(&[&[&text]]));
        let answer = net.fetch(get("https://idp.test/"), LIMITS).await;
        assert!(matches!(answer, Err(NetError::Forbidden(_))), "{host}: {answer:?}");
    }
    // Through the operating system's own resolver too.
    for name in ["localhost", "LOCALHOST"] {
        let answer = Guarded::new(Outbound::default()).fetch(get(format!("https://{name}/")), LIMITS).await;
        assert!(matches!(answer, Err(NetError::Forbidden(_))), "{name}: {answer:?}");
    }
}

#[test]
fn the_public_internet_is_asked_by_https_at_two_ports() {
    let outbound = Outbound::default();
    for address in ["8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700::1", "2a00:1450::1"] {
        let at = |port| SocketAddr::new(address.parse().unwrap(), port);
        assert!(outbound.allows(true, at(443)) && outbound.allows(true, at(80)), "{address}");
        for port in [0, 22, 25, 8080, 8443] {
            assert!(!outbound.allows(true, at(port)), "{address} {port}");
        }
        assert!(!outbound.allows(false, at(80)) && !outbound.allows(false, at(443)), "{address}");
    }
    let named = within(&["10.1.2.0/24"]);
    assert!(named.allows(false, "10.1.2.3:8080".parse().unwrap()));
    assert!(!named.allows(true, "10.1.3.3:443".parse().unwrap()));
}

#[tokio::test]
async fn a_url_is_a_plain_https_or_http_one() {
    for url in ["ftp://127.0.0.1/", "https://user:word@127.0.0.1/", "https://user@127.0.0.1/", "/path"] {
        let answer = loopback().fetch(get(url), LIMITS).await;
        assert!(matches!(answer, Err(NetError::Forbidden(_))), "{url}: {answer:?}");
    }
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_by_where_the_connection_goes() {
    let ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    let allowed = Server::start("127.0.0.2", ok, true).await;
    // The same port at the address that may not be asked.
    let inner = TcpListener::bind(("127.0.0.1", allowed.at.port())).await.unwrap();
    let url = format!("http://idp.test:{}/", allowed.at.port());
    let script = Script::new(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let net = Guarded::with_resolver(within(&["127.0.0.2"]), script.clone());
    assert_eq!(net.fetch(get(&url), LIMITS).await.unwrap().body(), "ok");
    assert_eq!(script.asked.load(Ordering::SeqCst), 1, "what was judged is what is connected to");
    assert!(matches!(net.fetch(get(&url), LIMITS).await, Err(NetError::Forbidden(_))));
    // Of two answers the one that may be asked is.
    let net = Guarded::with_resolver(within(&["127.0.0.2"]), Script::new(&[&["127.0.0.1", "::1", "127.0.0.2"]]));
    assert_eq!(net.fetch(get(&url), LIMITS).await.unwrap().body(), "ok");
    assert_eq!(allowed.requests().len(), 2);
    let nobody = std::future::poll_fn(|context| std::task::Poll::Ready(inner.poll_accept(context).is_pending())).await;
    assert!(nobody, "the inner address was connected to");
}

#[tokio::test]
async fn a_request_arrives_as_it_was_asked() {
    let server = Server::answering("HTTP/1.1 201 Created\r\nx-said: yes\r\ncontent-length: 4\r\n\r\nbody").await;
    let request = Request::post(server.url()).header("x-asked", "1").body(Bytes::from_static(b"a=b")).unwrap();
    let answer = loopback().fetch(request, LIMITS).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["x-said"].as_bytes()), (201, b"yes".as_slice()));
    assert_eq!(answer.body(), "body");
    let seen = server.requests().remove(0).to_lowercase();
    assert!(seen.starts_with("post /path?query=1 http/1.1\r\n"), "{seen}");
    for line in ["x-asked: 1", "content-length: 3", "accept-encoding: identity", "connection: close"] {
        assert!(seen.contains(&format!("\r\n{line}\r\n")), "{line}: {seen}");
    }
    assert!(seen.contains(&format!("\r\nhost: {}\r\n", server.at)), "{seen}");
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let head = "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/latest/meta-data/\r\ncontent-length: 0\r\n\r\n";
    let server = Server::answering(head).await;
    let answer = loopback().fetch(get(server.url()), LIMITS).await.unwrap();
    assert_eq!(answer.status(), 302);
    assert_eq!(answer.headers()["location"], "http://169.254.169.254/latest/meta-data/");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_answer_is_bounded_in_size() {
    let limits = FetchLimits { max_bytes: 1_000, ..LIMITS };
    let exact = Server::answering([b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &[b'x'; 1_000]].concat()).await;
    assert_eq!(loopback().fetch(get(exact.url()), limits).await.unwrap().body().len(), 1_000);
    let told = "HTTP/1.1 200 OK\r\ncontent-length: 10000000\r\n\r\n".to_owned() + &"x".repeat(2_000);
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_owned()
        + "3e8\r\n"
        + &"x".repeat(1_000)
        + "\r\n1\r\nx\r\n";
    let untold = "HTTP/1.1 200 OK\r\n\r\n".to_owned() + &"x".repeat(1_001);
    // None of them ends: the limit must not wait for an end.
    for answer in [told, chunked, untold] {
        let server = Server::start("127.0.0.1", answer.clone(), false).await;
        let refused = loopback().fetch(get(server.url()), limits).await;
        assert_eq!(refused.unwrap_err(), NetError::TooLarge { limit: 1_000 }, "{answer:.60}");
    }
    let endless_head = "HTTP/1.1 200 OK\r\n".to_owned() + &"x-more: and more\r\n".repeat(1_000_000);
    let server = Server::answering(endless_head).await;
    assert!(matches!(loopback().fetch(get(server.url()), limits).await, Err(NetError::Protocol(_))));
}

#[tokio::test]
async fn a_compressed_answer_stays_compressed() {
    let bomb = include_bytes!("fixtures/million-zeros.gz");
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", bomb.len());
    let server = Server::answering([head.as_bytes(), bomb].concat()).await;
    let answer = loopback().fetch(get(server.url()), FetchLimits { max_bytes: 10_000, ..LIMITS }).await.unwrap();
    assert_eq!(answer.body().as_ref(), bomb);
}

#[tokio::test]
async fn an_answer_is_bounded_in_time() {
    let silent = Server::start("127.0.0.1", "", false).await;
    let halfway = Server::start("127.0.0.1", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf", false).await;
    for server in [&silent, &halfway] {
        assert_eq!(loopback().fetch(get(server.url()), SOON).await.unwrap_err(), NetError::Timeout);
    }
    // TLS that never answers, and a name server that does not.
    let tls = format!("https://{}/", silent.at);
    assert_eq!(loopback().fetch(get(tls), SOON).await.unwrap_err(), NetError::Timeout);
    struct Silent;
    #[async_trait]
    impl Resolve for Silent {
        async fn look_up(&self, _: &str) -> io::Result<Vec<IpAddr>> {
            std::future::pending().await
        }
    }
    let net = Guarded::with_resolver(Outbound::default(), Arc::new(Silent));
    assert_eq!(net.fetch(get("https://idp.test/"), SOON).await.unwrap_err(), NetError::Timeout);
}

#[tokio::test]
async fn what_is_no_http_or_nobody_there_is_an_error() {
    let garbage = Server::answering("SSH-2.0-OpenSSH_9.6\r\n\r\n").await;
    assert!(matches!(loopback().fetch(get(garbage.url()), LIMITS).await, Err(NetError::Protocol(_))));
    let cut = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    assert!(matches!(loopback().fetch(get(cut.url()), LIMITS).await, Err(NetError::Protocol(_))));
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let answer = loopback().fetch(get(format!("http://{closed}/")), LIMITS).await;
    assert!(matches!(answer, Err(NetError::Connect(_))), "{answer:?}");
}

async fn tls_server() -> SocketAddr {
    let certificates = CertificateDer::pem_slice_iter(include_bytes!("fixtures/server.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("fixtures/server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(certificates.map(Result::unwrap).collect(), key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    let ok = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec();
                    serve(stream, ok, Arc::default(), true).await;
                }
            });
        }
    });
    at
}

#[tokio::test]
async fn tls_is_verified_against_the_platform_and_the_file() {
    let at = tls_server().await;
    let ca_file = Some(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/net/fixtures/ca.pem")));
    let trusting = |names| {
        let outbound = Outbound { ca_file: ca_file.clone(), ..within(&["127.0.0.0/8"]) };
        Guarded::with_resolver(outbound, Script::new(&[names]))
    };
    for host in ["127.0.0.1", "idp.test", "idp.test."] {
        let url = format!("https://{host}:{}/", at.port());
        assert_eq!(trusting(&["127.0.0.1"]).fetch(get(url), LIMITS).await.unwrap().body(), "ok", "{host}");
    }
    // A certificate for somebody else, and one that nobody vouches for.
    let other = trusting(&["127.0.0.1"]).fetch(get(format!("https://other.test:{}/", at.port())), LIMITS).await;
    assert!(matches!(other, Err(NetError::Connect(_))), "{other:?}");
    let unknown = loopback().fetch(get(format!("https://127.0.0.1:{}/", at.port())), LIMITS).await;
    assert!(matches!(unknown, Err(NetError::Connect(_))), "{unknown:?}");
    // A file that is none.
    let outbound = Outbound { ca_file: Some(PathBuf::from("/nonexistent.pem")), ..within(&["127.0.0.1"]) };
    let broken = Guarded::new(outbound).fetch(get(format!("https://{at}/")), LIMITS).await;
    assert!(matches!(broken, Err(NetError::Connect(_))), "{broken:?}");
}
