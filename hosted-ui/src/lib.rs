//! latchkey-hosted-ui
