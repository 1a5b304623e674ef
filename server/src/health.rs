//! Whether the process is alive, and whether it can do its work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use domain::Error;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::app::AppState;
use crate::world::wait;

/// A store that takes longer is as good as none.
const PATIENCE: Duration = Duration::from_secs(2);

/// Set once the server begins to stop: it still answers, but should be sent nothing more.
#[derive(Clone, Debug, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// From now on the server is not ready.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/_latchkey/health/live", get(live)).route("/_latchkey/health/ready", get(ready))
}

async fn live() -> Response {
    said(StatusCode::OK, "live")
}

/// Ready when the store can be read.
async fn ready(State(state): State<AppState>) -> Response {
    if state.draining.has_begun() {
        return said(StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    let read = state.latchkey.store().read(|r| r.meta("seeded").map_err(Error::from));
    tokio::select! {
        read = read => match read {
            Ok(_) => said(StatusCode::OK, "ready"),
            Err(error) => {
                tracing::error!(error = %error, "the store cannot be read");
                said(StatusCode::SERVICE_UNAVAILABLE, "the store cannot be read")
            }
        },
        () = wait(PATIENCE) => {
            tracing::error!("the store does not answer");
            said(StatusCode::SERVICE_UNAVAILABLE, "the store does not answer")
        }
    }
}

fn said(status: StatusCode, word: &str) -> Response {
    let mut response = (status, Json(json!({ "status": word }))).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
