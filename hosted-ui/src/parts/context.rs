use crate::look::{Frame, Look};
use crate::message::Problem;
use crate::words::{Language, Words, fill};

/// What every part may look at while a page is drawn.
#[derive(Clone, Copy)]
pub(crate) struct RenderContext<'a> {
    pub(crate) look: &'a Look,
    pub(crate) language: &'a Language,
    pub(crate) frame: &'a Frame,
    pub(crate) problems: &'a [Problem],
}

impl<'a> RenderContext<'a> {
    pub(crate) fn words(&self) -> &'a Words {
        &self.language.words
    }

    /// A text with `{brand}` filled in.
    pub(crate) fn branded(&self, text: &str) -> String {
        fill(text, &[("brand", &self.look.name)])
    }

    /// What is wrong with a field, in words.
    pub(crate) fn problem(&self, field: &str) -> Option<String> {
        let of_field = |problem: &&Problem| problem.field.as_deref() == Some(field);
        self.problems.iter().find(of_field).map(|problem| problem.message.text(self.words()))
    }

    /// With problems, the summary takes the focus when the page opens; without, the first field does.
    pub(crate) fn has_no_problems(&self) -> bool {
        self.problems.is_empty()
    }
}
