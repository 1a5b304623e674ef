//! Sentences about identity providers.

use std::borrow::Cow;

use domain::{MetadataFault, ProviderFault};
use protocol::ErrorName as E;
use protocol::idp::IdentityProviderTypeType as Kind;

use super::Wire;

pub(super) fn provider(fault: ProviderFault) -> Wire {
    use ProviderFault as F;
    match fault {
        F::NotFound { name, pool } => {
            (E::ResourceNotFound, format!("Identity provider {name} does not exist in user pool {pool}.").into())
        }
        F::IdentifierNotFound { identifier, pool } => (
            E::ResourceNotFound,
            format!("Identity provider with identifier {identifier} does not exist in user pool {pool}.").into(),
        ),
        F::Duplicate { name, pool } => {
            (E::DuplicateProvider, format!("{name} already exists in user pool {pool}.").into())
        }
        F::TooMany { pool, most } => {
            (E::LimitExceeded, format!("User pool {pool} can have at most {most} identity providers.").into())
        }
        F::OwnDirectory { name } => {
            (E::UnsupportedIdentityProvider, format!("{name} is the user pool's own directory.").into())
        }
        F::NameNotOfType { name, kind } => {
            (E::InvalidParameter, format!("Provider {name} cannot be of type {kind}.").into())
        }
        F::MappingTargets { targets } => {
            (E::InvalidParameter, format!("AttributeMapping contains invalid mapping: [{}]", targets.join(", ")).into())
        }
        F::IdentifierTaken { identifier, pool } => {
            (E::InvalidParameter, format!("The identifier {identifier} is already in use in user pool {pool}.").into())
        }
        F::DetailMissing { kind } => (E::InvalidParameter, details_required(kind).into()),
        F::DetailValue { member, allowed } => {
            // Cognito names this member as its own code does.
            let member = if member == "attributes_request_method" { "attributesRequestMethod" } else { member };
            let allowed = allowed.join(", ");
            (
                E::InvalidParameter,
                format!(
                    "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must satisfy enum value set: [{allowed}]"
                )
                .into(),
            )
        }
        F::EndpointNotHttps => (E::InvalidParameter, "OIDC endpoint must start with https://".into()),
        F::MetadataUrlNotHttps => (E::InvalidParameter, "MetadataURL must start with https://".into()),
        F::MetadataTwice => {
            (E::InvalidParameter, "Only one of the MetadataURL or MetadataFile should be provided.".into())
        }
        F::MetadataUnreachable { url } => {
            (E::InvalidParameter, format!("Unable to retrieve metadata from {url}").into())
        }
        F::MetadataStatus { url, status } => (
            E::InvalidParameter,
            format!("Non-ok status code {status} returned from remote metadata source {url}").into(),
        ),
        F::Metadata(fault) => (E::InvalidParameter, metadata(fault)),
        F::DiscoveryFailed => (E::InvalidParameter, "Unable to contact well-known endpoint".into()),
        F::Changed => (E::ConcurrentModification, "The identity provider was changed by somebody else.".into()),
    }
}

fn details_required(kind: Kind) -> &'static str {
    match kind {
        Kind::Google | Kind::Facebook | Kind::LoginWithAmazon => {
            "clientId, clientSecret and authorizeScopes are all required idp details."
        }
        Kind::SignInWithApple => "clientId, privateKey, teamId, and keyId are all required idp details.",
        Kind::Oidc => "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.",
        Kind::Saml => "At least one of the MetadataURL or MetadataFile should be provided.",
    }
}

fn metadata(fault: MetadataFault) -> Cow<'static, str> {
    use MetadataFault as F;
    match fault {
        F::Xml(parser) => {
            format!("The SAML metadata is not a well-formed XML document without a document type: {parser}.").into()
        }
        F::NoProvider => "No SAML 2.0 identity provider (IDPSSODescriptor) found in metadata.".into(),
        F::NoEntityId => "No entityID found in metadata.".into(),
        F::NoSignOn => "No SingleSignOn Http redirect binding location found in metadata.".into(),
        F::Location => "A location in the metadata is neither an https nor an http address.".into(),
        F::NoCertificate => "No valid signing certificate found in metadata.".into(),
        F::Certificate => "A certificate in the metadata is invalid.".into(),
    }
}
