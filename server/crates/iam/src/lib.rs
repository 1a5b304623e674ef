//! latchkey-iam
