use std::fmt;

/// What is hard to read in a brand, and what would not be.
#[derive(Clone, Debug, PartialEq)]
pub struct ContrastNote {
    /// The member of the settings document, in full.
    pub member: String,
    /// The colour it gives, `#rrggbb` or `#rrggbbaa`.
    pub given: String,
    /// The colour behind it, as it is seen.
    pub ground: String,
    /// The contrast of the two, 1 to 21 (WCAG 2.2).
    pub ratio: f64,
    /// The least contrast: 4.5 for text, 3 for what marks a control or its state.
    pub least: f64,
    /// The nearest colour that reaches it.
    pub passes: String,
}

/// One sentence, for a log.
impl fmt::Display for ContrastNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { member, given, ground, ratio, least, passes } = self;
        // Rounded down: 4.499 is not 4.5.
        let ratio = (ratio * 100.0).floor() / 100.0;
        write!(f, "{member}: {given} on {ground} has a contrast of {ratio}:1, less than {least}:1; {passes} would pass")
    }
}
