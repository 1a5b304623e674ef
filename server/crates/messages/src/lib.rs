//! latchkey-messages
