//! Runs the generator alone.
#[path = "../generate.rs"]
mod generate;

fn main() -> Result<(), String> {
    generate::generate(std::env::args().any(|a| a == "--check"))
}
