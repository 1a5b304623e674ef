//! latchkey-domain
