//! Who is asking: the caller's address, and the host and scheme it asked for, as far as proxies may be believed.
//!
//! Forwarding headers are believed only from trusted proxies; from everybody else they are taken off the request, so
//! that nothing behind this can believe them by mistake.

use std::net::{IpAddr, SocketAddr};

use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::settings::Cidr;

/// The other end of the connection a request came over.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// RFC 7239's one header, which nothing here speaks, and proxies' own ways to say the same.
const OTHERS: [&str; 5] = ["forwarded", "x-real-ip", "x-forwarded-port", "x-forwarded-prefix", "x-original-host"];

/// The caller's address; `Host` and `X-Forwarded-Proto` are set to what the caller asked for.
pub(crate) fn settle(peer: Option<IpAddr>, trusted: &[Cidr], headers: &mut HeaderMap) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let by_proxy = peer.is_some_and(is_trusted);
    let caller = match peer {
        Some(peer) if by_proxy => Some(farthest(peer, &is_trusted, headers)),
        other => other,
    };
    let host = last(headers, &HOST).filter(|_| by_proxy).and_then(|host| {
        let host: Authority = host.parse().ok().filter(|host: &Authority| !host.as_str().contains('@'))?;
        HeaderValue::from_str(host.as_str()).ok()
    });
    let https = last(headers, &PROTO).filter(|_| by_proxy).map(|scheme| scheme.eq_ignore_ascii_case("https"));
    for name in [FOR, HOST, PROTO] {
        headers.remove(name);
    }
    for name in OTHERS {
        headers.remove(name);
    }
    if let Some(host) = host {
        headers.insert(header::HOST, host);
    }
    if let Some(https) = https {
        headers.insert(PROTO, HeaderValue::from_static(if https { "https" } else { "http" }));
    }
    caller.map(|address| address.to_canonical())
}

/// The nearest address that is no trusted proxy. Each proxy adds, at the right, whom it heard from; so the list is
/// read from the right, and only as long as trusted proxies wrote it.
fn farthest(peer: IpAddr, is_trusted: &impl Fn(IpAddr) -> bool, headers: &HeaderMap) -> IpAddr {
    let lines: Vec<&str> = headers.get_all(FOR).iter().map(|value| value.to_str().unwrap_or_default()).collect();
    let mut caller = peer;
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(address) = read_address(entry.trim()) else { break };
        caller = address;
        if !is_trusted(address) {
            break;
        }
    }
    caller
}

/// An address, with or without a port.
fn read_address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// The last entry of a header that proxies append to: the nearest one's.
fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let line = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim).filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap());
        }
        headers
    }

    fn caller(peer: &str, pairs: &[(&str, &str)]) -> (String, HeaderMap) {
        let trusted = [Cidr::parse("10.0.0.0/8").unwrap(), Cidr::parse("::1").unwrap()];
        let mut headers = headers(pairs);
        let caller = settle(Some(peer.parse().unwrap()), &trusted, &mut headers).unwrap();
        (caller.to_string(), headers)
    }

    #[test]
    fn a_stranger_is_not_believed_and_leaves_no_trace() {
        let (caller, headers) = caller(
            "203.0.113.9",
            &[
                ("host", "id.example.com"),
                ("x-forwarded-for", "127.0.0.1"),
                ("x-forwarded-host", "evil.example"),
                ("x-forwarded-proto", "https"),
                ("x-real-ip", "127.0.0.1"),
                ("forwarded", "for=127.0.0.1"),
            ],
        );
        assert_eq!(caller, "203.0.113.9");
        assert_eq!(headers.len(), 1);
        assert_eq!(headers.get("host").unwrap(), "id.example.com");
    }

    #[test]
    fn what_a_caller_wrote_before_the_first_proxy_is_not_believed() {
        for (forwarded, expected) in [
            ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
            ("10.1.1.1, 203.0.113.9, 10.2.2.2", "203.0.113.9"),
            ("203.0.113.9:4711", "203.0.113.9"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("6.6.6.6, not an address", "10.0.0.1"),
            ("6.6.6.6, not an address, 203.0.113.9", "203.0.113.9"),
            ("", "10.0.0.1"),
            ("10.1.1.1, 10.2.2.2", "10.1.1.1"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
        ] {
            assert_eq!(caller("10.0.0.1", &[("x-forwarded-for", forwarded)]).0, expected, "{forwarded}");
        }
        // Two lines are one list.
        let two = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "203.0.113.9")];
        assert_eq!(caller("10.0.0.1", &two).0, "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_says_host_and_scheme_once_more() {
        let (_, headers) = caller(
            "::1",
            &[
                ("host", "internal:8080"),
                ("x-forwarded-host", "evil.example, acme.example.com"),
                ("x-forwarded-proto", "HTTPS"),
            ],
        );
        assert_eq!(headers.get("host").unwrap(), "acme.example.com");
        assert_eq!(headers.get("x-forwarded-proto").unwrap(), "https");
        for bad in ["a b", "user@evil.example", "a/b", "\u{e9}"] {
            let (_, headers) = caller("::1", &[("host", "internal"), ("x-forwarded-host", bad)]);
            assert_eq!(headers.get("host").unwrap(), "internal", "{bad}");
        }
    }

    #[test]
    fn without_a_connection_nobody_is_trusted() {
        let everybody = [Cidr::parse("0.0.0.0/0").unwrap()];
        let mut headers = headers(&[("x-forwarded-for", "1.2.3.4")]);
        assert_eq!(settle(None, &everybody, &mut headers), None);
        assert!(headers.is_empty());
    }
}
