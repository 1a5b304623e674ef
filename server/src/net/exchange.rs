//! One exchange over one connection: TLS by rustls, HTTP/1.1 by hyper.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::Builder;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Host;
use world::NetError;

use super::Target;

/// Room for the head of an answer; a longer one is no answer.
const LONGEST_HEAD: usize = 64 * 1024;

/// The request as it is sent: to a path, with the host as judged, and asking for a body as it is.
pub(super) fn prepare(request: Request<Bytes>, target: &Target) -> Result<Request<Full<Bytes>>, NetError> {
    let malformed = |_| NetError::Forbidden("not a URL that can be asked".to_owned());
    let (mut head, body) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    head.uri = Uri::try_from(path).map_err(|error| malformed(error.to_string()))?;
    head.version = http::Version::HTTP_11;
    let default = if target.is_https { 443 } else { 80 };
    let host = match target.port == default {
        true => target.host.to_string(),
        false => format!("{}:{}", target.host, target.port),
    };
    let host = HeaderValue::try_from(host).map_err(|error| malformed(error.to_string()))?;
    head.headers.insert(header::HOST, host);
    head.headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    head.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    // Some providers answer nobody without one.
    head.headers.entry(header::USER_AGENT).or_insert(HeaderValue::from_static("relying-party/1.0"));
    Ok(Request::from_parts(head, Full::new(body)))
}

/// TLS as this machine trusts it: the platform's roots, and those of `ca_file`.
pub(super) async fn connector(ca_file: Option<PathBuf>) -> Result<TlsConnector, NetError> {
    let broken = |error: String| NetError::Connect(format!("TLS cannot be set up: {error}"));
    // Reading some hundred certificates takes a while.
    let roots = tokio::task::spawn_blocking(move || roots(ca_file.as_deref()));
    let roots = roots.await.map_err(|error| broken(error.to_string()))?.map_err(broken)?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| broken(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let platform = rustls_native_certs::load_native_certs();
    for error in &platform.errors {
        tracing::warn!(%error, "a root certificate of the platform cannot be read");
    }
    roots.add_parsable_certificates(platform.certs);
    if let Some(path) = ca_file {
        let wrong = |error: String| format!("{}: {error}", path.display());
        for certificate in read_certificates(path)? {
            roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
        }
    }
    Ok(roots)
}

/// The certificates in a file; at least one.
pub(crate) fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let wrong = |error: String| format!("{}: {error}", path.display());
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .map_err(|error| wrong(error.to_string()))?
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(error.to_string()))?;
    if certificates.is_empty() { Err(wrong("no certificate (PEM) in it".to_owned())) } else { Ok(certificates) }
}

pub(super) async fn encrypt(
    tls: &TlsConnector,
    target: &Target,
    stream: TcpStream,
) -> Result<TlsStream<TcpStream>, NetError> {
    let failed = |error: String| NetError::Connect(format!("TLS with {}: {error}", target.host));
    let name = match &target.host {
        Host::Domain(name) => {
            // A name's root label is no part of what certificates say.
            let name = name.strip_suffix('.').unwrap_or(name).to_owned();
            ServerName::try_from(name).map_err(|error| failed(error.to_string()))?
        }
        Host::Ipv4(address) => ServerName::from(std::net::IpAddr::V4(*address)),
        Host::Ipv6(address) => ServerName::from(std::net::IpAddr::V6(*address)),
    };
    tls.connect(name, stream).await.map_err(|error| failed(error.to_string()))
}

/// Sends the request and reads the whole answer, of at most `most` bytes.
pub(super) async fn exchange<S>(
    stream: S,
    request: Request<Full<Bytes>>,
    most: usize,
) -> Result<Response<Bytes>, NetError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = Builder::new()
        .max_buf_size(LONGEST_HEAD)
        .handshake::<_, Full<Bytes>>(TokioIo::new(stream))
        .await
        .map_err(|error| broken(&error))?;
    // The connection is driven here and dropped with this future: whatever ends the wait ends it.
    let asked = async {
        let answer = sender.send_request(request).await.map_err(|error| broken(&error))?;
        let (head, mut body) = answer.into_parts();
        let mut taken = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(|error| broken(&error))?.into_data() else { continue };
            if data.len() > most.saturating_sub(taken.len()) {
                return Err(NetError::TooLarge { limit: most });
            }
            taken.extend_from_slice(&data);
        }
        Ok(Response::from_parts(head, taken.freeze()))
    };
    let mut connection = std::pin::pin!(connection);
    let mut asked = std::pin::pin!(asked);
    tokio::select! {
        answer = &mut asked => answer,
        ended = &mut connection => {
            ended.map_err(|error| broken(&error))?;
            // What was still in the channel when the connection ended.
            asked.await
        }
    }
}

fn broken(error: &hyper::Error) -> NetError {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    NetError::Protocol(text)
}
