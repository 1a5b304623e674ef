//! Small pictures that are really of their kind.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A PNG of one pixel.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

/// The beginning of a JPEG of 350 by 178 pixels: as far as sizes go.
pub const JPEG: &[u8] =
    b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\xb2\x01\x5e\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xd9";

/// A drawing.
pub const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="24" height="12"><rect width="24" height="12" fill="#123456"/></svg>"##;

/// As the wire carries bytes.
pub fn base64(bytes: impl AsRef<[u8]>) -> String {
    STANDARD.encode(bytes)
}
