//! Which addresses belong to the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An IPv4 network.
const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> (u32, u8) {
    (Ipv4Addr::new(a, b, c, d).to_bits(), bits)
}

/// An IPv6 network by its first 48 bits.
const fn v6(a: u16, b: u16, c: u16, bits: u8) -> (u128, u8) {
    (Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).to_bits(), bits)
}

/// IANA's IPv4 special-purpose registry (RFC 6890 and its successors), multicast, and what clouds keep for themselves.
const SPECIAL_V4: &[(u32, u8)] = &[
    v4(0, 0, 0, 0, 8),        // this network (RFC 791 §3.2)
    v4(10, 0, 0, 0, 8),       // private (RFC 1918)
    v4(100, 64, 0, 0, 10),    // shared by carriers (RFC 6598); Alibaba's metadata
    v4(127, 0, 0, 0, 8),      // loopback (RFC 1122 §3.2.1.3)
    v4(168, 63, 129, 16, 32), // Azure's own service to its machines
    v4(169, 254, 0, 0, 16),   // link-local (RFC 3927); the metadata of AWS, Google, Azure
    v4(172, 16, 0, 0, 12),    // private (RFC 1918)
    v4(192, 0, 0, 0, 24),     // protocol assignments (RFC 6890); Oracle's metadata
    v4(192, 0, 2, 0, 24),     // documentation (RFC 5737)
    v4(192, 88, 99, 0, 24),   // 6to4 relays (RFC 7526)
    v4(192, 168, 0, 0, 16),   // private (RFC 1918)
    v4(198, 18, 0, 0, 15),    // benchmarks (RFC 2544)
    v4(198, 51, 100, 0, 24),  // documentation (RFC 5737)
    v4(203, 0, 113, 0, 24),   // documentation (RFC 5737)
    v4(224, 0, 0, 0, 4),      // multicast (RFC 5771)
    v4(240, 0, 0, 0, 4),      // reserved (RFC 1112 §4) and broadcast (RFC 919)
];

/// What is special within 2000::/3; nothing outside it is public (RFC 4291 §2.4): unspecified, loopback, IPv4 in IPv6's
/// clothes (mapped, compatible, NAT64), unique local, link-local, site-local and multicast are all there.
const SPECIAL_V6: &[(u128, u8)] = &[
    v6(0x2001, 0, 0, 23),     // protocol assignments (RFC 2928): Teredo, ORCHID, benchmarks
    v6(0x2001, 0xdb8, 0, 32), // documentation (RFC 3849)
    v6(0x2002, 0, 0, 16),     // 6to4, which holds an IPv4 address (RFC 3056)
    v6(0x3fff, 0, 0, 20),     // documentation (RFC 9637)
];

/// True for an address of a host on the public internet, spoken plainly: an IPv4 address inside an IPv6 one is not.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let bits = address.to_bits();
            !SPECIAL_V4.iter().any(|(network, length)| (bits ^ network) >> (32 - length) == 0)
        }
        IpAddr::V6(address) => {
            let bits = address.to_bits();
            let is_unicast = bits >> 125 == 0b001;
            is_unicast && !SPECIAL_V6.iter().any(|(network, length)| (bits ^ network) >> (128 - length) == 0)
        }
    }
}
