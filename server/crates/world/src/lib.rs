//! latchkey-world
