//! `bindgen MODULE FOLDER NAME`: binds a module of wasm for browsers, at wasm-bindgen's version in Cargo.lock.
//! `FOLDER/NAME_bg.wasm`, its glue and its types, as `wasm-bindgen --target web` writes them, without the sections of
//! names and producers.

use std::error::Error;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let mut next = |what: &str| arguments.next().ok_or_else(|| format!("{what} is missing"));
    let (module, folder, name) = (next("MODULE")?, next("FOLDER")?, next("NAME")?);
    let name = name.to_str().ok_or("NAME is not text")?;
    let mut bindgen = Bindgen::new();
    bindgen.web(true)?.input_path(module).out_name(name).typescript(true).demangle(true);
    // As the command line leaves it.
    bindgen.omit_default_module_path(false).split_linked_modules(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    Ok(bindgen.generate(folder)?)
}
