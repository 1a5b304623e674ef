//! Writes every sample in every language as HTML files, with the assets beside them: `gallery FOLDER`. With a second
//! word, the samples as the sample brands wear them, in folders of the brands: `gallery FOLDER brands`.
#![allow(missing_docs)]

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use hosted_ui::{Language, Look, Scheme, assets, render, samples};
use latchkey_branding::theme::SAMPLES;

fn main() -> io::Result<()> {
    let mut words = env::args_os().skip(1);
    let folder = words.next().map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("say which folder to write to"))?;
    fs::create_dir_all(&folder)?;
    for asset in assets() {
        fs::write(folder.join(asset.name), asset.bytes)?;
    }
    if words.next().is_some_and(|word| word == "brands") {
        return write_brands(&folder);
    }
    for (scheme, name) in [(Scheme::Light, "light"), (Scheme::Dark, "dark")] {
        let look = Look { scheme, ..samples::look() };
        write(&folder, name, &look, ".")?;
    }
    Ok(())
}

fn write(folder: &Path, suffix: &str, look: &Look, assets: &str) -> io::Result<()> {
    let frame = samples::frame(assets);
    for sample in samples::samples() {
        for language in Language::all() {
            let html = render(&sample.page, look, language, &frame);
            fs::write(folder.join(format!("{}.{}.{suffix}.html", sample.name, language.tag)), html)?;
        }
    }
    Ok(())
}

fn write_brands(folder: &Path) -> io::Result<()> {
    for sample in SAMPLES {
        let folder = folder.join(sample.slug);
        fs::create_dir_all(&folder)?;
        for file in sample.files {
            fs::write(folder.join(file.name), file.bytes)?;
        }
        let theme = sample.theme(&format!("/{}", sample.slug), Scheme::System);
        for note in &theme.notes {
            fs::write(folder.join("notes.txt"), format!("{note}\n"))?;
        }
        fs::write(folder.join("brand.css"), &theme.style)?;
        let look = Look { brand_style: Some("brand.css".to_owned()), links: samples::look().links, ..theme.look };
        write(&folder, "system", &look, "..")?;
    }
    Ok(())
}
