//! Colours: read, laid over one another, compared as readers see them.

use std::fmt;

/// A colour with its opacity, eight bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Color {
    red: u8,
    green: u8,
    blue: u8,
    alpha: u8,
}

impl Color {
    /// An opaque colour, `0xrrggbb`.
    pub(crate) const fn opaque(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self { red, green, blue, alpha: 0xff }
    }

    /// A colour through which something may be seen, `0xrrggbbaa`.
    pub(crate) const fn clear(rgba: u32) -> Self {
        let [red, green, blue, alpha] = rgba.to_be_bytes();
        Self { red, green, blue, alpha }
    }

    /// The colour as a veil: a twentieth of its opacity.
    pub(crate) fn veil(self) -> Self {
        Self { alpha: (u16::from(self.alpha) / 20) as u8, ..self }
    }

    /// A colour as the settings document writes it: eight hexadecimal digits, RGBA. Nothing else is one.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [red, green, blue, alpha] = u32::from_str_radix(text, 16).ok()?.to_be_bytes();
        Some(Self { red, green, blue, alpha })
    }

    /// What is seen where this colour lies over another.
    pub(crate) fn over(self, ground: Self) -> Self {
        let share = f64::from(self.alpha) / 255.0;
        let mix = |top: u8, below: u8| (f64::from(top) * share + f64::from(below) * (1.0 - share)).round() as u8;
        Self {
            red: mix(self.red, ground.red),
            green: mix(self.green, ground.green),
            blue: mix(self.blue, ground.blue),
            alpha: 0xff,
        }
    }

    /// Relative luminance (WCAG 2.2), of the colour as if it were opaque.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast of two opaque colours (WCAG 2.2), 1 to 21.
    pub(crate) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The nearest colour that stands out from an opaque ground by at least `least`: the same hue, lighter or darker,
    /// whichever is nearer. For `least` up to 4.58 there always is one.
    pub(crate) fn nearest_on(self, ground: Self, least: f64) -> Self {
        let seen = self.over(ground);
        if seen.contrast(ground) >= least {
            return seen;
        }
        let [from, a, b] = seen.oklab();
        let reach = |end: f64| {
            let at = |share: f64| Self::from_oklab([from + (end - from) * share, a, b]);
            let passes = |share: f64| at(share).contrast(ground) >= least;
            // Hue at the very end is none: black or white itself.
            let (mut fails, mut holds) = (0.0, 1.0);
            if !passes(holds) {
                let bound = if end > from { Self::opaque(0xff_ff_ff) } else { Self::opaque(0) };
                return (bound.contrast(ground) >= least).then_some((1.0, bound));
            }
            for _ in 0..24 {
                let middle = (fails + holds) / 2.0;
                if passes(middle) { holds = middle } else { fails = middle }
            }
            Some(((end - from).abs() * holds, at(holds)))
        };
        match (reach(0.0), reach(1.0)) {
            (Some((darker, dark)), Some((lighter, light))) => {
                if darker <= lighter {
                    dark
                } else {
                    light
                }
            }
            (Some((_, only)), None) | (None, Some((_, only))) => only,
            (None, None) => self,
        }
    }

    fn linear(self) -> [f64; 3] {
        [self.red, self.green, self.blue].map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Oklab, in which equal steps look equal.
    fn oklab(self) -> [f64; 3] {
        let [r, g, b] = self.linear();
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        [
            0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        ]
    }

    fn from_oklab([lightness, a, b]: [f64; 3]) -> Self {
        let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        let channel = |linear: f64| {
            let share = if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
            (share.clamp(0.0, 1.0) * 255.0).round() as u8
        };
        Self {
            red: channel(4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s),
            green: channel(-1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s),
            blue: channel(-0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s),
            alpha: 0xff,
        }
    }
}

/// As CSS writes it: `#rrggbb`, or `#rrggbbaa` where something shows through.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)?;
        if self.alpha == 0xff { Ok(()) } else { write!(f, "{:02x}", self.alpha) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_digits_are_a_color_and_nothing_else_is() {
        assert_eq!(Color::read("0972d3ff").map(|color| color.to_string()).as_deref(), Some("#0972d3"));
        assert_eq!(Color::read("AAAAAAAA").map(|color| color.to_string()).as_deref(), Some("#aaaaaaaa"));
        for text in
            ["", "fff", "ffffff", "#ffffff", "fffffffff", "ff;}ffff", "ffffff f", "+fffffff", "-1234567", "ｆｆfff"]
        {
            assert_eq!(Color::read(text), None, "{text}");
        }
    }

    #[test]
    fn contrast_is_what_the_guidelines_compute() {
        let [black, white] = [0, 0xff_ff_ff].map(Color::opaque);
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
        // Known from many a checker: the lightest grey that passes on white is #767676.
        assert!(Color::opaque(0x76_76_76).contrast(white) >= 4.5);
        assert!(Color::opaque(0x77_77_77).contrast(white) < 4.5);
    }

    #[test]
    fn what_is_translucent_is_judged_as_it_is_seen() {
        let half = Color::read("00000080").unwrap_or(Color::opaque(0));
        assert_eq!(half.over(Color::opaque(0xff_ff_ff)), Color::opaque(0x7f_7f_7f));
    }

    #[test]
    fn there_is_a_passing_color_on_every_ground_and_it_is_near() {
        for ground in (0..=0xff).map(|grey: u32| Color::opaque(grey << 16 | grey << 8 | grey)) {
            for text in [0x2f_46_c8, 0xff_00_00, 0x77_77_77, 0xff_e0_00, 0, 0xff_ff_ff].map(Color::opaque) {
                let near = text.nearest_on(ground, 4.5);
                assert!(near.contrast(ground) >= 4.5, "{text} on {ground}: {near}");
                if text.contrast(ground) >= 4.5 {
                    assert_eq!(near, text);
                }
            }
        }
        // Not simply black: the same blue, somewhat darker.
        let near = Color::opaque(0x6f_a8_ff).nearest_on(Color::opaque(0xff_ff_ff), 4.5);
        assert!(near.blue > 0xa0 && near.contrast(Color::opaque(0xff_ff_ff)) < 4.7, "{near}");
    }
}
