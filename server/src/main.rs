//! `latchkey`: see the library of the same name.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    Box::pin(latchkey::cli::run(std::env::args_os())).await
}
