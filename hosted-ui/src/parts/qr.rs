use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// A QR code as SVG path data: the side in modules (quiet zone of four included), and runs of dark modules.
/// `None` for a text that is too long to scan well.
pub(crate) fn draw_qr(text: &str) -> Option<(usize, String)> {
    if text.len() > 1200 {
        return None;
    }
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width();
    let colors = code.to_colors();
    let mut path = String::with_capacity(side * side * 4);
    for (y, row) in colors.chunks(side).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + 4, y + 4, run.len(), run.len());
            }
            x += run.len();
        }
    }
    Some((side + 8, path))
}
