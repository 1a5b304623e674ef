//! What the house does, seen through the AWS door.

mod devices;
mod mfa;
mod passwords;
mod sessions;
mod sign_in;
mod sign_up;
