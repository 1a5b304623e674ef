//! What is wrong with an identity provider's settings.

use protocol::idp::IdentityProviderTypeType;

use crate::PoolId;

/// Why CreateIdentityProvider, UpdateIdentityProvider or DeleteIdentityProvider is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderFault {
    /// No such provider in the pool.
    NotFound {
        /// Its name, as asked.
        name: String,
        /// The pool.
        pool: PoolId,
    },
    /// No provider of the pool has the identifier.
    IdentifierNotFound {
        /// As asked.
        identifier: String,
        /// The pool.
        pool: PoolId,
    },
    /// The pool has a provider of that name.
    Duplicate {
        /// The name.
        name: String,
        /// The pool.
        pool: PoolId,
    },
    /// More providers than a pool can have.
    TooMany {
        /// The pool.
        pool: PoolId,
        /// How many it can have.
        most: usize,
    },
    /// The pool's own directory, which is no provider that can be changed.
    OwnDirectory {
        /// As asked.
        name: String,
    },
    /// A name that is another type's, or not the only one its type can have.
    NameNotOfType {
        /// The name.
        name: String,
        /// The type.
        kind: IdentityProviderTypeType,
    },
    /// AttributeMapping has targets that are no attributes of the pool, or no claim for them.
    MappingTargets {
        /// Those targets.
        targets: Vec<String>,
    },
    /// Another provider of the pool has the identifier.
    IdentifierTaken {
        /// The identifier.
        identifier: String,
        /// The pool.
        pool: PoolId,
    },
    /// ProviderDetails lacks what the type must have.
    DetailMissing {
        /// The type.
        kind: IdentityProviderTypeType,
    },
    /// A member of ProviderDetails has none of the values that it can have. The value is not told: it may be a secret
    /// in the wrong place.
    DetailValue {
        /// The member.
        member: &'static str,
        /// What it can be.
        allowed: &'static [&'static str],
    },
    /// An OIDC endpoint is no https address.
    EndpointNotHttps,
    /// MetadataURL is no https address.
    MetadataUrlNotHttps,
    /// Both MetadataURL and MetadataFile.
    MetadataTwice,
    /// The document at MetadataURL could not be fetched.
    MetadataUnreachable {
        /// The address.
        url: String,
    },
    /// MetadataURL answered with a status other than 200.
    MetadataStatus {
        /// The address.
        url: String,
        /// The status.
        status: u16,
    },
    /// The metadata document is not that of a provider.
    Metadata(MetadataFault),
    /// The OIDC issuer's discovery document could not be had.
    DiscoveryFailed,
    /// Somebody else changed the provider meanwhile.
    Changed,
}

/// Why a document is no SAML identity provider's metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataFault {
    /// Not well-formed, with a document type, or too large: the parser's words.
    Xml(String),
    /// No entity that provides identities by SAML 2.0.
    NoProvider,
    /// The entity has no name.
    NoEntityId,
    /// No address to send browsers to.
    NoSignOn,
    /// An address that browsers must not be sent to.
    Location,
    /// Nothing to verify assertions with.
    NoCertificate,
    /// A certificate that is none.
    Certificate,
}
