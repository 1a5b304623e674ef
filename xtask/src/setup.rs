//! Programs the suites need beside rustup, a C compiler and Node.js. As root they are installed from
//! Debian's packages; otherwise the line that installs them is the error.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{Outcome, find_program, program, run, step};

/// A program, and the Debian package that has it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Need {
    /// A Chromium that playwright-core drives.
    Chromium,
    /// A proxy with TLS before the server, and what makes its certificate.
    Nginx,
    /// The servers of PostgreSQL.
    PostgreSql,
    /// Python with virtual environments.
    Python,
    /// A look at system calls.
    Strace,
}

impl Need {
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium"],
            Self::Nginx => &["nginx", "openssl"],
            Self::PostgreSql => &["postgresql"],
            Self::Python => &["python3", "python3-venv"],
            Self::Strace => &["strace"],
        }
    }

    fn is_met(self) -> bool {
        match self {
            Self::Chromium => chromium().is_some(),
            Self::Nginx => {
                // Where /usr/sbin is not on everybody's PATH.
                let nginx = find_program("nginx").is_some() || Path::new("/usr/sbin/nginx").is_file();
                nginx && find_program("openssl").is_some()
            }
            Self::PostgreSql => {
                let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
                debian.into_iter().any(|version| version.path().join("bin/initdb").is_file())
                    || find_program("initdb").is_some()
            }
            Self::Python => program("python3")
                .args(["-c", "import ensurepip, venv"])
                .output()
                .is_ok_and(|output| output.status.success()),
            Self::Strace => find_program("strace").is_some(),
        }
    }
}

/// Chromium as the environment names it (CHROMIUM), else as PATH has it.
pub(crate) fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|path| path.is_file());
    named.or_else(|| ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| find_program(name)))
}

/// Installs what is missing.
pub(crate) fn meet(needs: &[Need]) -> Outcome {
    let missing: Vec<&str> =
        needs.iter().filter(|need| !need.is_met()).flat_map(|need| need.packages()).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|status| std::os::unix::fs::MetadataExt::uid(&status) == 0);
    if !is_root || !Path::new("/usr/bin/apt-get").is_file() {
        return Err(format!("missing programs; on Debian or Ubuntu: sudo apt-get install -y {packages}"));
    }
    step(&format!("install {packages} (apt-get)"), || {
        run(&mut apt(&["update", "-qq"]))?;
        let mut install = apt(&["install", "-y", "-qq", "--no-install-recommends"]);
        run(install.args(&missing))
    })?;
    needs
        .iter()
        .find(|need| !need.is_met())
        .map_or(Ok(()), |need| Err(format!("{need:?} is still missing after installing {packages}")))
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = program("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}
