//! latchkey-federation
