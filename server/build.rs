//! Embeds what `cargo xtask build` laid out (`manifest.json` in the folder that `LATCHKEY_SITE` names, else in
//! `target/site`), and compressed forms of the hosted pages' hand-written files. Without a laid-out site the server
//! still builds: the pages then run without scripts, and there is no demo.
#![allow(clippy::disallowed_methods, reason = "a build script has no other way to be told")]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The pages' hand-written files.
const WRITTEN: &str = "../hosted-ui/src/assets";

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=LATCHKEY_SITE");
    println!("cargo::rerun-if-changed={WRITTEN}");

    // What is embedded has one fingerprint together: files that load one another stay of one build.
    let mut print = DefaultHasher::new();
    let site = site(&root)?;
    let written = compress(&root.join(WRITTEN), &out, &mut print)?;
    site.hash(&mut print);
    let code = format!(
        "pub(crate) const FINGERPRINT: &str = \"{:016x}\";\npub(crate) static WRITTEN: &[Compressed] = &[\n{written}];\n\
         pub(crate) static SITE: &[Embedded] = &[\n{site}];\n",
        print.finish()
    );
    fs::write(out.join("embedded.rs"), code)?;
    Ok(())
}

/// The laid-out site as table rows.
fn site(root: &Path) -> Result<String, Box<dyn Error>> {
    let folder = match env::var("LATCHKEY_SITE") {
        Ok(folder) => PathBuf::from(folder),
        Err(_) => root.join("../target/site"),
    };
    let manifest = folder.join("manifest.json");
    if !manifest.is_file() {
        return Ok(String::new());
    }
    println!("cargo::rerun-if-changed={}", manifest.display());
    let entries: Vec<Value> = serde_json::from_slice(&fs::read(&manifest)?)?;
    let mut rows = String::new();
    for entry in &entries {
        let member = |name: &str| entry.get(name).and_then(Value::as_str);
        let required = |name: &str| member(name).ok_or_else(|| format!("{}: no `{name}`", manifest.display()));
        let file = |path: &str| Ok::<_, std::io::Error>(folder.join(path).canonicalize()?.display().to_string());
        let form = |name: &str| match member(name) {
            Some(path) => Ok::<_, std::io::Error>(format!("Some(include_bytes!({:?}))", file(path)?)),
            None => Ok("None".to_owned()),
        };
        writeln!(
            rows,
            "Embedded {{ name: {:?}, content_type: {:?}, sha256: {:?}, plain: include_bytes!({:?}), br: {}, gz: {} }},",
            required("name")?,
            required("type")?,
            required("sha256")?,
            file(required("path")?)?,
            form("br")?,
            form("gz")?,
        )?;
    }
    Ok(rows)
}

/// Compressed forms of the hand-written files as table rows.
fn compress(folder: &Path, out: &Path, print: &mut DefaultHasher) -> Result<String, Box<dyn Error>> {
    // An unoptimized encoder takes seconds at its best.
    let quality = if env::var("OPT_LEVEL").is_ok_and(|level| level == "0") { 5 } else { 11 };
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.sort();
    let mut rows = String::new();
    for file in files.iter().filter(|file| file.is_file()) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let plain = fs::read(file)?;
        (&name, &plain).hash(print);
        let mut br = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams { quality, ..Default::default() };
        brotli::BrotliCompress(&mut plain.as_slice(), &mut br, &parameters)?;
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(&plain)?;
        let gz = gz.finish()?;
        let (br_file, gz_file) = (out.join(format!("{name}.br")), out.join(format!("{name}.gz")));
        fs::write(&br_file, br)?;
        fs::write(&gz_file, gz)?;
        writeln!(
            rows,
            "Compressed {{ name: {name:?}, br: include_bytes!({:?}), gz: include_bytes!({:?}) }},",
            br_file.display().to_string(),
            gz_file.display().to_string()
        )?;
    }
    Ok(rows)
}
