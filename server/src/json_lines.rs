//! The log's JSON: an object a line.
//!
//! A line a request is written on the request's own thread, so each is put together in one buffer and written once;
//! what a span says is made into JSON when it begins, not at each of its lines.

use std::fmt::{self, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// As long as most lines are.
const LINE: usize = 320;

/// Writes an event as `{"timestamp":…,"level":…,` its fields, `"target":…,"span":{…}}`.
pub(crate) struct JsonLine;

/// Writes a span's fields as the members that [`JsonLine`] takes them for, each with a comma after it.
pub(crate) struct JsonMembers;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut line = String::with_capacity(LINE);
        line.push_str("{\"timestamp\":\"");
        SystemTime.format_time(&mut Writer::new(&mut line))?;
        line.push_str("\",\"level\":\"");
        line.push_str(event.metadata().level().as_str());
        line.push_str("\",");
        event.record(&mut Members(&mut line));
        line.push_str("\"target\":");
        push_text(&mut line, event.metadata().target());
        if let Some(span) = ctx.event_scope().and_then(|mut spans| spans.next()) {
            line.push_str(",\"span\":{");
            if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                line.push_str(&fields.fields);
            }
            line.push_str("\"name\":");
            push_text(&mut line, span.name());
            line.push('}');
        }
        line.push_str("}\n");
        writer.write_str(&line)
    }
}

impl<'w> FormatFields<'w> for JsonMembers {
    fn format_fields<R: RecordFields>(&self, mut writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut members = String::new();
        fields.record(&mut Members(&mut members));
        writer.write_str(&members)
    }

    fn add_fields(&self, current: &'w mut FormattedFields<Self>, fields: &tracing::span::Record<'_>) -> fmt::Result {
        self.format_fields(current.as_writer(), fields)
    }
}

/// Fields as members of an object, each with a comma after it.
struct Members<'l>(&'l mut String);

impl Members<'_> {
    fn name(&mut self, field: &Field) {
        push_text(self.0, field.name());
        self.0.push(':');
    }

    /// A number or a word of JSON's.
    fn bare(&mut self, field: &Field, value: impl fmt::Display) {
        self.name(field);
        // Strings take whatever is written to them.
        let _ = write!(self.0, "{value},");
    }
}

impl Visit for Members<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.name(field);
        self.0.push('"');
        let _ = write!(Escaped(self.0), "{value:?}");
        self.0.push_str("\",");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.name(field);
        push_text(self.0, value);
        self.0.push(',');
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() { self.bare(field, value) } else { self.bare(field, "null") }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.bare(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.bare(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.bare(field, value);
    }
}

fn push_text(line: &mut String, text: &str) {
    line.push('"');
    escape(line, text);
    line.push('"');
}

/// What is written to it stands in a JSON string (RFC 8259 §7).
struct Escaped<'l>(&'l mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(self.0, text);
        Ok(())
    }
}

fn escape(line: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        let (plain, special) = rest.split_at(at);
        line.push_str(plain);
        let mut characters = special.chars();
        match characters.next() {
            Some('\n') => line.push_str("\\n"),
            Some(quoted @ ('"' | '\\')) => line.extend(['\\', quoted]),
            other => {
                let _ = write!(line, "\\u{:04x}", other.map_or(0, u32::from));
            }
        }
        rest = characters.as_str();
    }
    line.push_str(rest);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
    use std::io;
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};

    use crate::logs::{Format, Level, subscriber};

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines(log: impl FnOnce()) -> Vec<Value> {
        let kept = Kept::default();
        let writer = kept.clone();
        tracing::subscriber::with_default(subscriber(Format::Json, Level::Info, move || writer.clone()), log);
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    #[test]
    fn every_kind_of_value_is_json() {
        let nothing: Option<&str> = None;
        let lines = lines(|| {
            tracing::info!(text = "ä", a = 1, b = -2, c = 0.5, d = f64::NAN, e = true, nothing, shown = %7, "said {}", 1);
        });
        let mut line = lines[0].clone();
        let timestamp = line["timestamp"].take();
        assert!(timestamp.as_str().unwrap().ends_with('Z'), "{timestamp}");
        assert_eq!(
            line,
            json!({
                "timestamp": null, "level": "INFO", "message": "said 1", "text": "ä", "a": 1, "b": -2, "c": 0.5,
                "d": null, "e": true, "shown": "7", "target": "latchkey::json_lines::tests",
            })
        );
    }

    /// Whatever is logged, a line is one object: nobody writes a line of his own.
    #[test]
    fn nothing_breaks_out_of_its_line() {
        let nasty: String = (0..0x250).filter_map(char::from_u32).chain("\"},\n{\"\\\u{2028}𝄞".chars()).collect();
        let lines = lines(|| {
            tracing::info!(as_text = nasty.as_str(), as_display = %nasty, "{nasty}");
        });
        assert_eq!(lines.len(), 1);
        for member in ["as_text", "as_display", "message"] {
            assert_eq!(lines[0][member], json!(nasty), "{member}");
        }
    }

    #[test]
    fn a_line_names_the_span_it_was_written_in() {
        let lines = lines(|| {
            let span = tracing::info_span!("request", id = "a\"b", later = tracing::field::Empty);
            span.in_scope(|| tracing::info!("one"));
            span.record("later", 5);
            span.in_scope(|| tracing::info_span!("inner").in_scope(|| tracing::info!("two")));
            span.in_scope(|| tracing::info!("three"));
        });
        assert_eq!(lines[0]["span"], json!({ "id": "a\"b", "name": "request" }));
        assert_eq!(lines[1]["span"], json!({ "name": "inner" }));
        assert_eq!(lines[2]["span"], json!({ "id": "a\"b", "later": 5, "name": "request" }));
    }
}
