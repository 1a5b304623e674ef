//! Which host was asked: the main one, which serves every pool, or a pool's own domain.

use domain::{PoolId, Result};
use flows::{ClientContext, Latchkey, Pages};

/// Where a request arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    /// The main host.
    Main,
    /// A pool's domain.
    Pool(PoolId, Host),
    /// A name under our own that is nobody's.
    Nobody,
}

/// A pool's domain, as far as its pages depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host {
    /// Its name, without the port.
    pub(crate) host: String,
    /// Which pages it shows.
    pub(crate) pages: Pages,
}

impl Site {
    /// Finds the site by the `Host` header. `acme` answers at `acme.BASEHOST`, in development also at
    /// `acme.localhost`; a custom domain at its own name. Every other name is the main host's.
    pub(crate) async fn find(latchkey: &Latchkey, host: &str) -> Result<Self> {
        let host = name_of(host).to_ascii_lowercase();
        let base = latchkey.settings().base_url.split_once("://").map_or("", |(_, rest)| rest);
        let base = name_of(base.split('/').next().unwrap_or_default()).to_ascii_lowercase();
        if host == base || host.is_empty() {
            return Ok(Self::Main);
        }
        let under = |parent: &str| host.strip_suffix(parent).and_then(|label| label.strip_suffix('.'));
        let label = under(&base).or_else(|| under("localhost").filter(|_| latchkey.settings().dev));
        let found = latchkey.pool_domain(label.unwrap_or(&host)).await?;
        Ok(match (found, label) {
            (Some((pool, domain)), _) => {
                let pages = if domain.managed_login_version == 1 { Pages::Classic } else { Pages::Managed };
                Self::Pool(pool, Host { host, pages })
            }
            (None, Some(_)) => Self::Nobody,
            (None, None) => Self::Main,
        })
    }

    /// Whether a pool is served here.
    pub(crate) fn serves(&self, pool: &PoolId) -> bool {
        match self {
            Self::Main => true,
            Self::Pool(own, _) => own == pool,
            Self::Nobody => false,
        }
    }

    /// Which pages are shown here.
    pub(crate) fn pages(&self) -> Pages {
        match self {
            Self::Pool(_, host) => host.pages,
            Self::Main | Self::Nobody => Pages::Any,
        }
    }

    /// A client by its id, if it is served here.
    ///
    /// # Errors
    /// Only internal ones.
    pub(crate) async fn app(&self, latchkey: &Latchkey, client_id: &str) -> Result<Option<ClientContext>> {
        match latchkey.app(client_id).await {
            Ok(app) => Ok(Some(app).filter(|app| self.serves(&app.pool.id))),
            Err(error) if error.is_internal() => Err(error),
            Err(_) => Ok(None),
        }
    }
}

/// A host without its port.
pub(crate) fn name_of(host: &str) -> &str {
    match host.find(']') {
        Some(end) => host.get(..=end).unwrap_or(host),
        None => host.split(':').next().unwrap_or(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_no_part_of_a_name() {
        for (host, name) in [("a.b:1", "a.b"), ("a", "a"), ("[::1]:9", "[::1]"), ("[::1]", "[::1]"), ("", "")] {
            assert_eq!(name_of(host), name);
        }
    }
}
