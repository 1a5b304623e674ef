//! latchkey-tests
