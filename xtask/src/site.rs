//! What the server embeds: `target/site`, listed by `target/site/manifest.json`.
//!
//! The manifest is an array sorted by name. An entry: `name` (the address below the server's asset
//! paths, such as `ui/islands_glue.js`), `type` (its Content-Type), `path` (below `target/site`), `bytes`,
//! `sha256` (hexadecimal, of the plain bytes) and `br`, `gz` (paths of the compressed forms, null where
//! they would save nothing). It changes exactly when a file does, so the server's build script
//! watches only it.
//!
//! | names | from |
//! |---|---|
//! | `ui/…` | the islands' module; the hand-written files beside it are the crate's own |
//! | `sdk/…` | `pkg/dist`, what a browser loads of it |
//! | `demo/…` | `pkg/examples/demo` |

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::shell::{Outcome, Workspace, run, run_quietly};
use crate::stamp::{files, hash, sha256, unless_fresh};

/// What the hosted pages' scripts call the islands' module.
pub(crate) const ISLANDS: &str = "islands_glue";

/// Where the site is laid out.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("site")
}

/// One file on its way into the site.
#[derive(Debug)]
struct Asset {
    name: String,
    source: PathBuf,
}

/// Copies, minifies and compresses what changed, and writes the manifest.
pub(crate) fn lay_out(workspace: &Workspace, islands: &Path, dist: Option<&Path>) -> Outcome {
    let mut assets = Vec::new();
    for (name, source) in [
        (format!("ui/{ISLANDS}.js"), minify_islands(workspace, islands)?),
        (format!("ui/{ISLANDS}_bg.wasm"), islands.join(format!("{ISLANDS}_bg.wasm"))),
    ] {
        assets.push(Asset { name, source });
    }
    if let Some(dist) = dist {
        collect(&mut assets, "sdk", dist)?;
    }
    collect(&mut assets, "demo", &workspace.root.join("pkg").join("examples").join("demo"))?;
    assets.retain(|asset| content_type(&asset.name).is_some());
    assets.sort_by(|a, b| a.name.cmp(&b.name));

    let site = folder(workspace);
    let sources: Vec<&Path> = assets.iter().map(|asset| asset.source.as_path()).collect();
    let names: Vec<&str> = assets.iter().map(|asset| asset.name.as_str()).collect();
    let compress = workspace.root.join("xtask/node/compress.mjs");
    let inputs = hash(&[&[compress.as_path()], sources.as_slice()].concat(), &names)?;
    unless_fresh(workspace, "site", &inputs, &[&site.join("manifest.json")], || {
        if site.is_dir() {
            fs::remove_dir_all(&site).map_err(|error| format!("{}: {error}", site.display()))?;
        }
        fs::create_dir_all(&site).map_err(|error| format!("{}: {error}", site.display()))?;
        for asset in &assets {
            if let Some(folder) = folder_named_in(&asset.source, &own_folders(workspace))? {
                return Err(format!("{} names a folder of this machine: {folder}", asset.name));
            }
            copy(&asset.source, &site.join(&asset.name))?;
        }
        run(workspace.command("node").arg(&compress).arg(&site))?;
        let entries = assets.iter().map(|asset| entry(&site, &asset.name)).collect::<Outcome<Vec<Value>>>()?;
        let manifest = serde_json::to_vec_pretty(&entries).map_err(|error| error.to_string())?;
        let path = site.join("manifest.json");
        fs::write(&path, manifest).map_err(|error| format!("{}: {error}", path.display()))
    })
    .map(drop)
}

/// The folders whose names are in what a compiler of this machine made, unless they were remapped.
pub(crate) fn own_folders(workspace: &Workspace) -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    std::iter::once(workspace.root.clone()).chain(home).collect()
}

/// The first of the folders that the file names.
fn folder_named_in<'f>(file: &Path, folders: &'f [PathBuf]) -> Outcome<Option<std::path::Display<'f>>> {
    let contents = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let names = |folder: &&PathBuf| {
        let name = folder.as_os_str().as_encoded_bytes();
        !name.is_empty() && contents.windows(name.len()).any(|part| part == name)
    };
    Ok(folders.iter().find(names).map(|folder| folder.display()))
}

/// wasm-bindgen's glue and its snippets as one small file.
fn minify_islands(workspace: &Workspace, islands: &Path) -> Outcome<PathBuf> {
    let minified = workspace.target.join("islands.min.js");
    let inputs = hash(&[islands], &[])?;
    unless_fresh(workspace, "islands-min", &inputs, &[&minified], || {
        let mut esbuild = workspace.command("node");
        esbuild
            .arg(workspace.root.join("xtask/node/node_modules/esbuild/bin/esbuild"))
            .arg(islands.join(format!("{ISLANDS}.js")));
        esbuild.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
        let mut out = std::ffi::OsString::from("--outfile=");
        out.push(&minified);
        run_quietly(esbuild.arg(out)).map(drop)
    })?;
    Ok(minified)
}

fn collect(assets: &mut Vec<Asset>, prefix: &str, folder: &Path) -> Outcome {
    for source in files(folder)? {
        let below = source.strip_prefix(folder).map_err(|error| error.to_string())?;
        let name = format!("{prefix}/{}", below.to_string_lossy().replace('\\', "/"));
        assets.push(Asset { name, source });
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Outcome {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::copy(from, to).map(drop).map_err(|error| format!("{}: {error}", from.display()))
}

fn entry(site: &Path, name: &str) -> Outcome<Value> {
    let path = site.join(name);
    let contents = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let compressed = |ending: &str| {
        let name = format!("{name}.{ending}");
        site.join(&name).is_file().then_some(name)
    };
    Ok(json!({
        "name": name,
        "type": content_type(name),
        "path": name,
        "bytes": contents.len(),
        "sha256": sha256(&contents),
        "br": compressed("br"),
        "gz": compressed("gz"),
    }))
}

/// The Content-Type of what a browser loads; none for what it does not (types, source maps, papers).
fn content_type(name: &str) -> Option<&'static str> {
    let name = name.rsplit('/').next().unwrap_or(name);
    if name.ends_with(".d.ts") || name.ends_with(".d.mts") {
        return None;
    }
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;
    use std::path::PathBuf;

    use super::{content_type, folder_named_in};

    #[test]
    fn a_folder_of_the_machine_is_found_wherever_it_stands() {
        let file = std::env::temp_dir().join(format!("latchkey-named-{}", std::process::id()));
        let folders = [PathBuf::from("/some/where"), PathBuf::from("/else/where")];
        let named = |text: &[u8]| {
            fs::write(&file, text).unwrap();
            folder_named_in(&file, &folders).unwrap().map(|folder| folder.to_string())
        };
        assert_eq!(named(b"\0asm\x01/else/where/src/lib.rs\0").as_deref(), Some("/else/where"));
        assert_eq!(named(b"\0asm\x01cargo/src/lib.rs"), None);
        fs::remove_file(&file).unwrap();
    }

    #[test]
    fn only_what_a_browser_loads_is_embedded() {
        assert_eq!(content_type("sdk/engine_bg.wasm"), Some("application/wasm"));
        assert_eq!(content_type("sdk/index.mjs"), Some("text/javascript; charset=utf-8"));
        assert_eq!(content_type("sdk/index.d.ts"), None);
        assert_eq!(content_type("sdk/index.js.map"), None);
        assert_eq!(content_type("sdk/LICENSE"), None);
    }
}
