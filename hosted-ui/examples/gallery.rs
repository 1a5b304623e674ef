//! Writes every sample in every language as HTML files, with the assets beside them: `gallery FOLDER`.
#![allow(missing_docs)]

use std::path::PathBuf;
use std::{env, fs, io};

use hosted_ui::{Language, Scheme, assets, render, samples};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("say which folder to write to"))?;
    fs::create_dir_all(&folder)?;
    for asset in assets() {
        fs::write(folder.join(asset.name), asset.bytes)?;
    }
    let frame = samples::frame(".");
    for sample in samples::samples() {
        for language in Language::all() {
            for (scheme, name) in [(Scheme::Light, "light"), (Scheme::Dark, "dark")] {
                let look = hosted_ui::Look { scheme, ..samples::look() };
                let html = render(&sample.page, &look, language, &frame);
                fs::write(folder.join(format!("{}.{}.{name}.html", sample.name, language.tag)), html)?;
            }
        }
    }
    Ok(())
}
