//! Sizes of pictures, read from their own headers. Whoever has no size is no such picture.

type Size = (u32, u32);

/// PNG (W3C PNG §5.2, §11.2.2): signature, then IHDR.
pub(crate) fn size_of_png(bytes: &[u8]) -> Option<Size> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
    let size = (be32(header, 0)?, be32(header, 4)?);
    let largest = i32::MAX.unsigned_abs();
    drawn(size).filter(|(width, height)| *width <= largest && *height <= largest && header.len() > 8)
}

/// JPEG (ITU T.81 §B.1, §B.2.2): segments up to the frame's header.
pub(crate) fn size_of_jpeg(bytes: &[u8]) -> Option<Size> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let [0xff, marker, after @ ..] = rest else { return None };
        rest = match marker {
            0xff => rest.get(1..)?, // a marker may be preceded by any number of fill bytes
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return drawn((be16(after, 5)?, be16(after, 3)?));
            }
            0xd9 | 0xda => return None, // the end, or the picture itself, before any frame
            0x01 | 0xd0..=0xd8 => after,
            _ => after.get(usize::try_from(be16(after, 0)?).ok().filter(|length| *length >= 2)?..)?,
        };
    }
}

/// WebP (RFC 9649 §2.3 to §2.7): RIFF with a simple, lossless or extended header.
pub(crate) fn size_of_webp(bytes: &[u8]) -> Option<Size> {
    let body = bytes.strip_prefix(b"RIFF")?.get(4..)?.strip_prefix(b"WEBP")?;
    let (kind, chunk) = (body.get(..4)?, body.get(8..)?);
    let size = match kind {
        b"VP8 " if chunk.get(3..6)? == b"\x9d\x01\x2a" => (le16(chunk, 6)? & 0x3fff, le16(chunk, 8)? & 0x3fff),
        b"VP8L" if chunk.first() == Some(&0x2f) => {
            let packed = le16(chunk, 1)? | le16(chunk, 3)? << 16;
            ((packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1)
        }
        b"VP8X" => (le24(chunk, 4)? + 1, le24(chunk, 7)? + 1),
        _ => return None,
    };
    drawn(size)
}

/// ICO: the largest of the pictures it lists, all of which must lie within the file.
pub(crate) fn size_of_ico(bytes: &[u8]) -> Option<Size> {
    let entries = bytes.strip_prefix(b"\0\0\x01\0")?;
    let count = usize::try_from(le16(entries, 0)?).ok()?;
    let entries = entries.get(2..)?.get(..count.checked_mul(16)?)?;
    let mut largest = None;
    for entry in entries.chunks_exact(16) {
        let [width, height, ..] = entry else { return None };
        let (length, offset) = (le32(entry, 8)?, le32(entry, 12)?);
        let end = u64::from(length) + u64::from(offset);
        if length == 0 || end > u64::try_from(bytes.len()).ok()? {
            return None;
        }
        // 0 stands for 256.
        let side = |byte: &u8| if *byte == 0 { 256 } else { u32::from(*byte) };
        largest = largest.max(Some((side(width), side(height))));
    }
    largest
}

fn drawn(size: Size) -> Option<Size> {
    (size.0 > 0 && size.1 > 0).then_some(size)
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from(u16::from_be_bytes(*bytes)))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from(u16::from_le_bytes(*bytes)))
}

fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    let [low, middle, high] = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes([*low, *middle, *high, 0]))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x5e\0\0\0\xb2\x08\x06\0\0\0";
    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xfe\0\x03c\xff\xc2\0\x11\x08\0\xb2\x01\x5e\x03";

    #[test]
    fn sizes_are_read() {
        assert_eq!(size_of_png(PNG), Some((350, 178)));
        assert_eq!(size_of_jpeg(JPEG), Some((350, 178)));
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x5e\x01\xb2\0";
        assert_eq!(size_of_webp(lossy), Some((350, 178)));
        let packed = (349_u32 | 177 << 14).to_le_bytes();
        assert_eq!(size_of_webp(&[b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f", &packed[..]].concat()), Some((350, 178)));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x5d\x01\0\xb1\0\0";
        assert_eq!(size_of_webp(extended), Some((350, 178)));
        let icon = [
            &b"\0\0\x01\0\x02\0"[..],
            b"\x10\x10\0\0\x01\0\x20\0\x01\0\0\0\x26\0\0\0",
            b"\0\0\0\0\x01\0\x20\0\x01\0\0\0\x26\0\0\0",
            b"x",
        ]
        .concat();
        assert_eq!(size_of_ico(&icon), Some((256, 256)));
        assert_eq!(size_of_ico(icon.get(..icon.len() - 1).unwrap_or_default()), None, "a picture beyond the end");
    }

    #[test]
    fn nothing_else_passes_and_nothing_panics() {
        let readers = [size_of_png, size_of_jpeg, size_of_webp, size_of_ico];
        let riff: &[u8] = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x5d\x01\0\xb1\0\0";
        let samples: [&[u8]; 9] = [
            b"",
            b"GIF89a\x01\0\x01\0",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"<!doctype html><script>alert(1)</script>",
            b"iVBORw0KGgo",
            b"\xff\xd8\xff\xda\0\x02",
            b"\xff\xd8\xff\xe0\0\0\xff\xe0\0\0",
            b"\0\0\x01\0\0\0",
            b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\0\0\0\0\0\x08\x06\0\0\0",
        ];
        for sample in samples {
            for (number, reader) in readers.iter().enumerate() {
                assert_eq!(reader(sample), None, "{number}: {sample:?}");
            }
        }
        for whole in [PNG, JPEG, riff] {
            for end in 0..whole.len() {
                let cut = whole.get(..end).unwrap_or_default();
                for reader in readers {
                    let _ = reader(cut);
                }
            }
        }
        assert_eq!((size_of_jpeg(PNG), size_of_png(JPEG)), (None, None), "one kind is not another");
    }
}
