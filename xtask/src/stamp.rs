//! Work that is up to date is not done again: a stamp holds the hash of what went into it.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::shell::{Outcome, Workspace};

/// The hash of files and folders (walked in order of name, without `node_modules`, `dist` and `.git`),
/// names and contents, and of words said beside them.
pub(crate) fn hash(paths: &[&Path], words: &[&str]) -> Outcome<String> {
    let mut hasher = Sha256::new();
    for word in words {
        hasher.update((word.len() as u64).to_be_bytes());
        hasher.update(word);
    }
    for path in paths {
        for file in files(path)? {
            let contents = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            let name = file.strip_prefix(path).unwrap_or(&file).to_string_lossy().into_owned();
            hasher.update((name.len() as u64).to_be_bytes());
            hasher.update(&name);
            hasher.update((contents.len() as u64).to_be_bytes());
            hasher.update(&contents);
        }
    }
    Ok(hex(&hasher.finalize()))
}

/// SHA-256 of some bytes, in lowercase hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files under a path, sorted; the path itself when it is a file, nothing when it is absent.
pub(crate) fn files(path: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    if path.is_file() {
        found.push(path.to_owned());
    } else if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
        for entry in entries.flatten() {
            if !matches!(&*entry.file_name().to_string_lossy(), "node_modules" | "dist" | ".git") {
                found.extend(files(&entry.path())?);
            }
        }
        found.sort();
    }
    Ok(found)
}

/// Acts unless the stamp of that name holds this hash and everything it made is still there; stamps it
/// after. Says whether it acted.
pub(crate) fn unless_fresh(
    workspace: &Workspace,
    name: &str,
    hash: &str,
    made: &[&Path],
    act: impl FnOnce() -> Outcome,
) -> Outcome<bool> {
    let stamp = workspace.target.join("xtask").join("stamps").join(name);
    if made.iter().all(|path| path.exists()) && fs::read_to_string(&stamp).is_ok_and(|held| held == hash) {
        return Ok(false);
    }
    // A failure in the middle must not leave a stamp that says it is done.
    let _ = fs::remove_file(&stamp);
    act()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::write(&stamp, hash).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(true)
}
