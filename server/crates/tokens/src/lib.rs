//! latchkey-tokens
