//! latchkey-sdk
