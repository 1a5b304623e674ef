//! latchkey-flows
