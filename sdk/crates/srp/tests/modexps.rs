//! What each step costs in exponentiations. One test to a process: the count is the process's.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used)]

use latchkey_srp::{ServerChallenge, derive_verifier, modexps, server_key, verify_password};

#[test]
fn each_step_costs_what_it_says() {
    let mut seen = modexps();
    let mut spent = || {
        let before = seen;
        seen = modexps();
        seen - before
    };
    let salt = [1; 16];
    let verifier = derive_verifier("pool", "user", "password", &salt);
    assert_eq!(spent(), 1);
    assert!(verify_password("pool", "user", "password", &salt, &verifier));
    assert_eq!(spent(), 1);
    let challenge = ServerChallenge::new(&verifier, &[2; 32]).unwrap();
    assert_eq!(spent(), 1);
    assert!(server_key("1234", &verifier, &[2; 32], challenge.public_b()).is_ok());
    assert_eq!(spent(), 2);
    // A hostile A is refused before anything is spent on it.
    assert!(server_key("0", &verifier, &[2; 32], challenge.public_b()).is_err());
    assert_eq!(spent(), 0);
}
