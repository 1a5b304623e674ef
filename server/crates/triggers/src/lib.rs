//! latchkey-triggers
