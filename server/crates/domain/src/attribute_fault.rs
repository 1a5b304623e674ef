//! What is wrong with a user's attributes.

/// Why attributes do not fit a pool's schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeFault {
    /// The schema has no such attribute.
    Unknown {
        /// Its name.
        name: String,
    },
    /// `email` is no address.
    EmailFormat,
    /// `phone_number` is no number.
    PhoneNumberFormat,
    /// Values are not what the schema asks for.
    Unfit {
        /// The attributes, and what is wrong with each.
        values: Vec<(String, ValueFault)>,
    },
    /// A provider's value is longer than any.
    MappedTooLong {
        /// The attribute it is mapped to.
        name: String,
        /// The longest, in characters.
        most: usize,
    },
    /// A provider's value is mapped to an attribute that can be written once.
    MappedImmutable {
        /// The attribute.
        name: String,
    },
    /// A provider does not say all that the pool requires.
    RequiredMissing {
        /// The attributes that are missing.
        names: Vec<String>,
    },
    /// A list is to show attributes that the schema lacks.
    RequestedUnknown,
}

/// Why a value does not fit its attribute's definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueFault {
    /// The schema has no such attribute.
    Unknown,
    /// It is empty.
    Required,
    /// It has too few characters.
    TooShort {
        /// The fewest.
        least: usize,
    },
    /// It has too many characters.
    TooLong {
        /// The most.
        most: usize,
    },
    /// Neither `true` nor `false`.
    NotBoolean,
    /// No whole number.
    NotNumber,
    /// The number is too small.
    TooSmall {
        /// The smallest.
        least: i64,
    },
    /// The number is too large.
    TooLarge {
        /// The largest.
        most: i64,
    },
    /// `birthdate` is not of the form yyyy-MM-dd.
    NotDate,
    /// No date with time.
    NotDateTime,
}
