//! latchkey-srp
