//! The table of routes. Every file that serves paths lists its own beside the handlers; this joins the files.

use crate::http::router::Routes;
use crate::{endpoints, pages};

/// Every path but brands' files and the discovery documents, which have a name in them.
pub(crate) const ROUTES: Routes = Routes {
    tables: &[endpoints::ROUTES, pages::ROUTES, pages::account::ROUTES],
    otherwise: |call| Box::pin(endpoints::otherwise(call)),
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_path_takes_a_method_twice() {
        let mut seen = HashSet::new();
        for route in ROUTES.tables.iter().copied().flatten() {
            for method in route.methods {
                assert!(seen.insert((route.path.to_ascii_lowercase(), method)), "{method} {}", route.path);
            }
        }
    }
}
