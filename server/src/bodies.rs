//! Bodies of requests: how many bytes of them are held at a time, in all and for one caller, so that those who send much
//! at once, or begin and never end, fill no memory.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use hyper::body::{Frame, SizeHint};

/// Bytes of all bodies that may be held.
const MOST: usize = 32 * 1024 * 1024;
/// Of one caller's: the largest body that any operation takes, twice.
const MOST_OF_ONE: usize = 8 * 1024 * 1024;
/// Seconds after which whoever is refused may try again.
const AGAIN: HeaderValue = HeaderValue::from_static("5");

/// The bytes of bodies that are held; clones share the count.
#[derive(Clone, Debug)]
pub(crate) struct Bodies(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: usize,
    most_of_one: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    all: usize,
    by_caller: HashMap<IpAddr, usize>,
}

impl Default for Bodies {
    fn default() -> Self {
        Self::new(MOST, MOST_OF_ONE)
    }
}

impl Bodies {
    fn new(most: usize, most_of_one: usize) -> Self {
        Self(Arc::new(Shared { most, most_of_one, held: Mutex::default() }))
    }

    /// The share of one request of this caller's, which ends with the request. A caller who is not known counts in all
    /// alone.
    pub(crate) fn share(&self, caller: Option<IpAddr>) -> Arc<Share> {
        let shared = Arc::clone(&self.0);
        Arc::new(Share { shared, caller, bytes: AtomicUsize::new(0), refused: AtomicBool::new(false) })
    }

    fn take(&self, caller: Option<IpAddr>, bytes: usize) -> bool {
        let mut held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = caller.and_then(|caller| held.by_caller.get(&caller)).copied().unwrap_or_default();
        if held.all.saturating_add(bytes) > self.0.most
            || (caller.is_some() && of_one.saturating_add(bytes) > self.0.most_of_one)
        {
            return false;
        }
        held.all += bytes;
        if let Some(caller) = caller {
            held.by_caller.insert(caller, of_one + bytes);
        }
        true
    }

    fn give_back(&self, caller: Option<IpAddr>, bytes: usize) {
        let mut held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.all = held.all.saturating_sub(bytes);
        if let Some(caller) = caller
            && let Entry::Occupied(mut entry) = held.by_caller.entry(caller)
        {
            *entry.get_mut() = entry.get().saturating_sub(bytes);
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

/// What one request holds.
#[derive(Debug)]
pub(crate) struct Share {
    shared: Arc<Shared>,
    caller: Option<IpAddr>,
    bytes: AtomicUsize,
    refused: AtomicBool,
}

impl Share {
    fn bodies(&self) -> Bodies {
        Bodies(Arc::clone(&self.shared))
    }

    fn add(&self, bytes: usize) -> bool {
        if bytes == 0 {
            return true;
        }
        let taken = self.bodies().take(self.caller, bytes);
        if taken {
            self.bytes.fetch_add(bytes, Ordering::Relaxed);
        } else {
            self.refused.store(true, Ordering::Relaxed);
        }
        taken
    }

    /// The body as the doors read it: it breaks off where there is no room for more.
    pub(crate) fn count(self: &Arc<Self>, body: Body) -> Body {
        // Most requests have none.
        if body.is_end_stream() { body } else { Body::new(Counted { body, share: Arc::clone(self) }) }
    }

    /// The answer where the body was broken off: to come again; None where it was not.
    pub(crate) fn refusal(&self) -> Option<Response> {
        self.refused.load(Ordering::Relaxed).then(|| {
            let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
            response.headers_mut().insert(header::RETRY_AFTER, AGAIN);
            response
        })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let bytes = *self.bytes.get_mut();
        if bytes > 0 {
            self.bodies().give_back(self.caller, bytes);
        }
    }
}

/// A body that is counted as it comes.
struct Counted {
    body: Body,
    share: Arc<Share>,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
            && !self.share.add(data.len())
        {
            return Poll::Ready(Some(Err(axum::Error::new("there is no room for more bodies"))));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use http_body_util::BodyExt;

    use super::*;

    fn caller(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([203, 0, 113, last]))
    }

    async fn read(share: &Arc<Share>, bytes: usize) -> bool {
        share.count(Body::from(vec![0; bytes])).collect().await.is_ok()
    }

    #[tokio::test]
    async fn nobody_holds_all_and_what_was_held_is_free_again() {
        let bodies = Bodies::new(100, 60);
        let first = bodies.share(caller(1));
        assert!(read(&first, 40).await && first.refusal().is_none());
        // Another request of the same caller has what is left of its part, and no more.
        let second = bodies.share(caller(1));
        assert!(!read(&second, 21).await);
        assert_eq!(second.refusal().unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
        let other = bodies.share(caller(2));
        assert!(read(&other, 60).await);
        let third = bodies.share(caller(3));
        assert!(!read(&third, 1).await, "there are a hundred in all");
        assert!(!read(&bodies.share(None), 1).await);
        drop((first, other));
        let again = bodies.share(caller(1));
        assert!(read(&again, 60).await);
        drop((again, second, third));
        let held = bodies.0.held.lock().unwrap();
        assert_eq!((held.all, held.by_caller.len()), (0, 0));
    }

    #[tokio::test]
    async fn an_unfinished_body_counts() {
        let bodies = Bodies::new(100, 60);
        let share = bodies.share(caller(1));
        let (frames, stream) = tokio::sync::mpsc::unbounded_channel::<Bytes>();
        let mut body = share.count(Body::new(Unfinished(stream)));
        frames.send(Bytes::from(vec![0; 60])).unwrap();
        assert!(body.frame().await.unwrap().is_ok());
        assert!(!read(&bodies.share(caller(1)), 1).await);
        drop((body, share));
        assert!(read(&bodies.share(caller(1)), 60).await);
    }

    struct Unfinished(tokio::sync::mpsc::UnboundedReceiver<Bytes>);

    impl HttpBody for Unfinished {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            self.0.poll_recv(context).map(|data| data.map(|data| Ok(Frame::data(data))))
        }
    }
}
