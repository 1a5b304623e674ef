//! Connections: how many there may be, how long each may do nothing, and what whoever comes beyond that is told.
//!
//! hyper closes a connection whose request head does not come to its end; but one that has not begun a request yet (it
//! sends nothing, or half of HTTP/2's preface) or an HTTP/2 connection that has ended its last one stays open as long
//! as its caller likes. Each holds a file descriptor, of which a process has a limited number.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Display;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::settings::Cidr;
use crate::world::wait;

/// File descriptors that are not connections': databases, logs, requests to other machines.
const RESERVED: usize = 128;
/// Connections where nothing is set and the system allows as many.
const MOST: usize = 10_000;
/// Who is refused is told within this time, or not at all.
const FAREWELL: Duration = Duration::from_secs(1);
/// Refusals that are told at a time.
pub(crate) const REFUSALS: usize = 64;

/// Raises the soft limit of open files to the hard one, and says how many connections fit in.
pub(crate) fn raise_file_limit() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let mut raised = limit;
    raised.current = limit.maximum;
    let in_force = if setrlimit(Resource::Nofile, raised).is_ok() { raised.current } else { limit.current };
    let files = in_force.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX));
    files.saturating_sub(RESERVED).clamp(1, MOST)
}

/// The connections that there are, by caller.
#[derive(Debug)]
pub(crate) struct Connections {
    most: usize,
    most_of_one: usize,
    /// Whose connections are other callers', so that no limit of one caller holds for them.
    proxies: Arc<[Cidr]>,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_caller: HashMap<IpAddr, usize>,
    /// Whether the last one to come was refused, so that the log tells of it once.
    is_refusing: bool,
}

/// One connection's place; dropped, it is free again.
#[derive(Debug)]
pub(crate) struct Permit {
    connections: Arc<Connections>,
    caller: Option<IpAddr>,
}

impl Connections {
    /// `most` in all, and `most_of_one` of one address, or of one /64 network of IPv6.
    pub(crate) fn new(most: usize, most_of_one: usize, proxies: Arc<[Cidr]>) -> Self {
        Self { most, most_of_one, proxies, open: Mutex::default() }
    }

    /// How many there are.
    #[cfg(test)]
    pub(crate) fn open(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// A place for one more; None where there is none.
    pub(crate) fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<Permit> {
        let is_proxy = self.proxies.iter().any(|network| network.contains(peer));
        let caller = (!is_proxy).then(|| flows::counted_as(peer));
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = caller.and_then(|caller| open.by_caller.get(&caller)).copied().unwrap_or_default();
        if open.all >= self.most || of_one >= self.most_of_one {
            if !std::mem::replace(&mut open.is_refusing, true) {
                tracing::warn!(open = open.all, of_one_address = of_one, "connections are refused: there are too many");
            }
            return None;
        }
        open.is_refusing = false;
        open.all += 1;
        if let Some(caller) = caller {
            *open.by_caller.entry(caller).or_default() += 1;
        }
        Some(Permit { connections: Arc::clone(self), caller })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        if let Some(caller) = self.caller
            && let Entry::Occupied(mut entry) = open.by_caller.entry(caller)
        {
            *entry.get_mut() = entry.get().saturating_sub(1);
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

/// Tells a caller for whom there is no place, in HTTP/1.1, which every client reads.
pub(crate) async fn refuse(mut stream: TcpStream) {
    const ANSWER: &[u8] =
        b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\nretry-after: 5\r\n\r\n";
    let farewell = async {
        stream.write_all(ANSWER).await?;
        stream.shutdown().await?;
        // Closed with bytes unread, the answer might be lost on its way.
        let mut unread = [0; 1024];
        while stream.read(&mut unread).await? > 0 {}
        io::Result::Ok(())
    };
    tokio::select! {
        _ = farewell => {}
        () = wait(FAREWELL) => {}
    }
}

/// What requests a connection has, for who watches over its idleness.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    begun: AtomicU64,
    under_way: AtomicUsize,
}

/// A request under way.
pub(crate) struct UnderWay(Arc<Activity>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Activity {
    /// Notes a request, which ends with what is given.
    pub(crate) fn begin(self: &Arc<Self>) -> UnderWay {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(Arc::clone(self))
    }

    /// Ends when no request has begun within `first`, or later when none was under way and none began within `later`.
    pub(crate) async fn ended(&self, first: Duration, later: Duration) {
        wait(first).await;
        let mut seen = 0;
        loop {
            let begun = self.begun.load(Ordering::Relaxed);
            if begun == seen && self.under_way.load(Ordering::Relaxed) == 0 {
                return;
            }
            seen = begun;
            wait(later).await;
        }
    }
}

/// Serves a connection as long as it has requests; then its place is free.
pub(crate) async fn hold<E: Display>(
    connection: impl Future<Output = Result<(), E>>,
    activity: Arc<Activity>,
    permit: Permit,
    first: Duration,
    later: Duration,
) {
    tokio::select! {
        // Callers that hang up or speak something else are no event of ours.
        served = connection => if let Err(error) = served {
            tracing::trace!(%error, "a connection broke");
        },
        () = activity.ended(first, later) => {}
    }
    drop(permit);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn connections(most: usize, of_one: usize, proxies: &[&str]) -> Arc<Connections> {
        let proxies = proxies.iter().map(|text| Cidr::parse(text).unwrap()).collect();
        Arc::new(Connections::new(most, of_one, proxies))
    }

    fn admit(connections: &Arc<Connections>, peer: &str) -> Option<Permit> {
        connections.admit(peer.parse().unwrap())
    }

    #[test]
    fn nobody_takes_all_places_and_each_is_free_again() {
        let connections = connections(5, 2, &[]);
        let mut held: Vec<Permit> = ["203.0.113.9"; 2].iter().filter_map(|peer| admit(&connections, peer)).collect();
        assert!(admit(&connections, "203.0.113.9").is_none() && admit(&connections, "::ffff:203.0.113.9").is_none());
        // One network of IPv6 is one caller.
        held.extend(["2001:db8::1", "2001:db8::2:3"].iter().filter_map(|peer| admit(&connections, peer)));
        assert!(admit(&connections, "2001:db8::ffff").is_none());
        held.extend(admit(&connections, "2001:db8:0:1::1"));
        assert_eq!((held.len(), connections.open()), (5, 5));
        assert!(admit(&connections, "198.51.100.7").is_none(), "there are five in all");
        held.remove(0);
        assert!(admit(&connections, "203.0.113.9").is_some());
        held.clear();
        assert_eq!(connections.open(), 0);
        assert!(connections.open.lock().unwrap().by_caller.is_empty());
    }

    #[test]
    fn a_proxy_is_many_callers() {
        let connections = connections(3, 1, &["10.0.0.0/8"]);
        let held: Vec<Permit> = ["10.1.1.1"; 5].iter().filter_map(|peer| admit(&connections, peer)).collect();
        assert_eq!(held.len(), 3);
    }
}
