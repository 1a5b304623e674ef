//! The log: structured, to standard error, without secrets.
//!
//! What is logged of a request is method, path, status, duration and id: no query, no headers, no body, nobody's name.
//! Libraries below us are kept to warnings at every level, because their traces quote what they carry.

use std::io::{self, IsTerminal};

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::Registry;

use crate::json_lines::{JsonLine, JsonMembers};

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// A JSON object a line.
    Json,
}

impl Format {
    /// Reads `text` or `json`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// As it is set.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }

    /// Text where a terminal reads it.
    pub fn fitting() -> Self {
        if io::stderr().is_terminal() { Self::Text } else { Self::Json }
    }
}

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// What needs an operator.
    Error,
    /// What may soon.
    Warn,
    /// Starts, stops and requests.
    #[default]
    Info,
    /// Why requests were refused.
    Debug,
    /// Everything.
    Trace,
}

impl Level {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Error, "error"),
        (Self::Warn, "warn"),
        (Self::Info, "info"),
        (Self::Debug, "debug"),
        (Self::Trace, "trace"),
    ];

    /// Reads a level's name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name)| *name == text).map(|(level, _)| *level)
    }

    /// As it is set.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(level, _)| *level == self).map_or("info", |(_, name)| name)
    }

    fn filter(self) -> LevelFilter {
        match self {
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

/// What writes the log to `writer`.
pub fn subscriber<W>(format: Format, level: Level, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // All crates of ours begin with this name.
    let ours =
        Targets::new().with_default(level.filter().min(LevelFilter::WARN)).with_target("latchkey", level.filter());
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    let layer: Box<dyn Layer<Registry> + Send + Sync> = match format {
        Format::Text => Box::new(layer.with_target(false).with_ansi(io::stderr().is_terminal())),
        Format::Json => Box::new(layer.event_format(JsonLine).fmt_fields(JsonMembers)),
    };
    Registry::default().with(layer.with_filter(ours))
}

/// Sends this process's log to standard error. Only the first call counts.
pub fn init(format: Format, level: Level) {
    let _ = tracing::subscriber::set_global_default(subscriber(format, level, io::stderr));
}
