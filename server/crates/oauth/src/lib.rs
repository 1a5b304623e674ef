//! latchkey-oauth
