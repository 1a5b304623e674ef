//! The sign-in island's half of SRP on the page: it owns the worker, hands it the password, and goes where the
//! server says. The worker (`assets/worker.js`) does the mathematics and the talking.
