//! What a SAML identity provider says of itself (SAML 2.0 Metadata): read, and judged as far as a pool asks.
//!
//! A document type declaration is refused outright, so that no entity is ever expanded and no file or address read.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use domain::{MetadataFault, SamlEndpoint, SamlEndpoints, SamlMetadata};
use http::{Request, header};
use jiff::Timestamp;
use protocol::Blob;
use roxmltree::{Document, Node, ParsingOptions};
use world::FetchLimits;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

/// How much of a metadata document is read, and how long it may take.
pub const METADATA_LIMITS: FetchLimits = FetchLimits { max_bytes: 1024 * 1024, timeout: Duration::from_secs(10) };

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// Elements and attributes of a document; a provider's has some dozens, a federation's some ten thousands.
const MOST_NODES: u32 = 200_000;
/// Base64 characters of a certificate, as Cognito takes them.
const LONGEST_CERTIFICATE: usize = 4_096;

/// Asks for a metadata document.
///
/// # Errors
/// [`MetadataFault::Location`] where the address is none.
pub fn metadata_request(url: &str) -> Result<Request<Bytes>, MetadataFault> {
    let request = Request::get(url).header(header::ACCEPT, "application/samlmetadata+xml, application/xml, text/xml");
    request.body(Bytes::new()).map_err(|_| MetadataFault::Location)
}

/// Reads a provider's metadata: that of the first entity that provides identities. Certificates must be valid at `now`.
///
/// # Errors
/// [`MetadataFault`].
pub fn parse_metadata(text: &str, now: Timestamp) -> Result<SamlMetadata, MetadataFault> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let document =
        Document::parse_with_options(text, options).map_err(|error| MetadataFault::Xml(error.to_string()))?;
    let (entity, provider) = document
        .descendants()
        .filter(|node| node.has_tag_name((METADATA, "EntityDescriptor")))
        .find_map(|entity| entity.children().find(is_provider).map(|provider| (entity, provider)))
        .ok_or(MetadataFault::NoProvider)?;
    let entity_id = entity.attribute("entityID").map(str::trim).filter(|id| !id.is_empty());
    let metadata = SamlMetadata {
        entity_id: entity_id.ok_or(MetadataFault::NoEntityId)?.to_owned(),
        sign_on: endpoints(provider, "SingleSignOnService")?,
        sign_out: endpoints(provider, "SingleLogoutService")?,
        signing_certificates: certificates(provider, now)?,
        wants_signed_requests: matches!(provider.attribute("WantAuthnRequestsSigned"), Some("true" | "1")),
    };
    if metadata.sign_on.redirect.is_none() { Err(MetadataFault::NoSignOn) } else { Ok(metadata) }
}

/// SAML metadata §2.4.3: an identity provider of this protocol.
fn is_provider(node: &Node<'_, '_>) -> bool {
    let supports = node.attribute("protocolSupportEnumeration").unwrap_or_default();
    node.has_tag_name((METADATA, "IDPSSODescriptor"))
        && supports.split_ascii_whitespace().any(|protocol| protocol == PROTOCOL)
}

/// A service's endpoints.
fn endpoints(provider: Node<'_, '_>, service: &str) -> Result<SamlEndpoints, MetadataFault> {
    // Cognito uses HTTP-Redirect alone: an address with another binding that cannot be used makes no metadata bad.
    Ok(SamlEndpoints {
        redirect: endpoint(provider, service, REDIRECT)?,
        post: endpoint(provider, service, POST).unwrap_or_default(),
    })
}

/// The first endpoint of a service with a binding (SAML metadata §2.2.2).
fn endpoint(provider: Node<'_, '_>, service: &str, binding: &str) -> Result<Option<SamlEndpoint>, MetadataFault> {
    let named = provider
        .children()
        .find(|node| node.has_tag_name((METADATA, service)) && node.attribute("Binding") == Some(binding));
    let address = |name: &str| match named.and_then(|node| node.attribute(name)).map(str::trim) {
        // Browsers go there, this server does not: http is the provider's own affair.
        Some(address) if domain::is_endpoint(address, true) => Ok(Some(address.to_owned())),
        Some(_) => Err(MetadataFault::Location),
        None => Ok(None),
    };
    let Some(location) = address("Location")? else { return Ok(None) };
    Ok(Some(SamlEndpoint { location, response_location: address("ResponseLocation")? }))
}

/// The certificates of keys that may sign (SAML metadata §2.4.1.1): `use="signing"`, or no use at all. Those that have
/// expired are left out; what stays must be something.
fn certificates(provider: Node<'_, '_>, now: Timestamp) -> Result<Vec<Blob>, MetadataFault> {
    let mut valid = Vec::new();
    let keys = provider
        .children()
        .filter(|node| node.has_tag_name((METADATA, "KeyDescriptor")))
        .filter(|key| key.attribute("use").is_none_or(|purpose| purpose == "signing"));
    for node in keys.flat_map(|key| key.descendants()).filter(|node| node.has_tag_name((SIGNATURE, "X509Certificate")))
    {
        let plain: String = node.text().unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
        if plain.len() > LONGEST_CERTIFICATE {
            return Err(MetadataFault::Certificate);
        }
        let der = STANDARD.decode(plain).map_err(|_| MetadataFault::Certificate)?;
        let certificate = Certificate::from_der(&der).map_err(|_| MetadataFault::Certificate)?;
        let until = certificate.tbs_certificate().validity().not_after.to_unix_duration().as_secs();
        if i64::try_from(until).is_ok_and(|until| until >= now.as_second()) {
            valid.push(Blob(der));
        }
    }
    if valid.is_empty() { Err(MetadataFault::NoCertificate) } else { Ok(valid) }
}

#[cfg(test)]
#[path = "metadata_tests.rs"]
mod tests;
