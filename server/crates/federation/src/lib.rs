//! Upstream identity providers: what is asked of them (requests as values), and what to make of their answers
//! (judgements, pure). The fetch lies between, in `flows`.

mod discovery;
mod saml_metadata;

pub use discovery::{DISCOVERY_LIMITS, Discovered, DiscoveryFault, discovery_request, judge_discovery};
pub use saml_metadata::{METADATA_LIMITS, MetadataFault, SamlMetadata, read_metadata, saml_metadata_request};
