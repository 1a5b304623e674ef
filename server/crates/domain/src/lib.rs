//! Nouns and decisions of an identity service: user pools, app clients, users, codes, devices, factors.
//!
//! Pure: no I/O, no async, no clock, no chance. Whatever happens here can be replayed from its arguments.
//! Settings are kept as they are spoken on the wire (`protocol`'s own shapes); only behaviour earns a type here.

mod assertion;
mod attempts;
mod attribute_fault;
mod attribute_mapping;
mod attribute_values;
mod attributes;
mod auth_session;
mod branding_fault;
mod client;
mod client_fault;
mod client_settings;
mod code;
mod device;
mod error;
mod filter;
mod group;
mod identity_provider;
mod ids;
mod mask;
mod mfa;
mod next_step;
mod password;
mod pool;
mod pool_domain;
mod pool_fault;
mod pool_mfa;
mod pool_schema;
mod pool_settings;
mod principal;
mod provider_details;
mod provider_fault;
mod provider_settings;
mod reason;
mod redirect_uri;
mod resource_server;
mod saml_metadata;
mod scope;
mod sealed;
mod tags;
mod tier;
mod unknown_words;
mod update;
mod user;

/// The wire's user status, which is also the domain's.
pub use protocol::idp::UserStatusType as UserStatus;

pub use assertion::{Assertion, AssertionTokens, AttributeStatement, StatementSource};
pub use attempts::{Attempts, Limit, Verdict, Window};
pub use attribute_fault::{AttributeFault, ValueFault};
pub use attribute_mapping::map_attributes;
pub use attribute_values::{Writer, validate_attributes};
pub use attributes::{SignInName, is_email, is_phone_number};
pub use auth_session::{AnsweredChallenge, AuthSession, PendingChallenge, derive_amr};
pub use branding_fault::{BrandingFault, CssFault, SvgFault};
pub use client::{Client, ClientSecret, Grant, TokenKind};
pub use client_fault::ClientFault;
pub use client_settings::{ClientSurroundings, new_client_settings, updated_client_settings};
pub use code::{Code, CodePurpose};
pub use device::{Device, DeviceVerifier};
pub use error::{Error, Result};
pub use filter::{Comparison, FilterFault, UserFilter};
pub use group::{Group, GroupFault, check_group_count, order_groups, preferred_role};
pub use identity_provider::{IdentityProvider, PROVIDER_SECRETS, ProviderSecret};
pub use ids::{ClientId, DeviceKey, GroupName, PoolId, Sub, Username};
pub use mask::{Delivery, Medium, mask_email, mask_phone_number};
pub use mfa::{Factor, MfaDecision, MfaPreference, Preference, decide_mfa};
pub use next_step::{NextStep, next_step};
pub use password::{PasswordRules, PasswordWeakness};
pub use pool::{Pool, PoolMfa, UsernameForm};
pub use pool_domain::{DomainFault, PoolDomain, check_domain_name, check_managed_login_version};
pub use pool_fault::PoolFault;
pub use pool_mfa::{set_pool_mfa, shown_pool_mfa};
pub use pool_schema::{SchemaFault, add_custom_attributes, new_schema};
pub use pool_settings::{new_pool_settings, updated_pool_settings};
pub use principal::Principal;
pub use provider_details::{OIDC_ENDPOINTS, ProviderDetails, is_endpoint};
pub use provider_fault::{MetadataFault, ProviderFault};
pub use provider_settings::{
    check_changeable, check_identifiers, check_provider_name, taken_identifier, validate_mapping,
};
pub use reason::Reason;
pub use redirect_uri::{RedirectUriFault, check_redirect_uri};
pub use resource_server::{ResourceServerFault, check_scopes};
pub use saml_metadata::{SamlEndpoint, SamlEndpoints, SamlMetadata};
pub use scope::{SELF_SERVICE_SCOPE, STANDARD_SCOPES, Scope};
pub use sealed::Sealed;
pub use tags::{TagFault, check_tags};
pub use tier::{Feature, Tier};
pub use unknown_words::{UnknownWord, may_be_unknown};
pub use user::{Identity, Password, Totp, User};
