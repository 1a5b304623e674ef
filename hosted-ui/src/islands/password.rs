use leptos::ev::{Event, KeyboardEvent};
use leptos::html::Input;
use leptos::prelude::*;

use super::{Flag, given};

/// What the server knows of a password field.
#[derive(Clone, Debug, Default)]
pub struct PasswordGiven {
    /// The input's id.
    pub id: String,
    /// The form field's name; `None` where the password must never be posted.
    pub name: Option<&'static str>,
    /// The autofill token.
    pub autocomplete: &'static str,
    /// Ids of help and error.
    pub described_by: Option<String>,
    /// `true` when there is a problem with it.
    pub invalid: Option<&'static str>,
    /// Takes the focus.
    pub autofocus: bool,
    /// Least number of characters, for a password to be.
    pub least: Option<String>,
    /// The toggle's words.
    pub show: String,
    /// The toggle's words.
    pub hide: String,
    /// The toggle's words for screen readers.
    pub what: String,
    /// The caps lock hint.
    pub caps: String,
}

/// A password's input with its toggle, the caps lock hint, and, as children, the rules that are ticked while typing.
#[island]
pub fn Password(
    /// The rules, or nothing.
    children: Children,
) -> impl IntoView {
    let PasswordGiven { id, name, autocomplete, described_by, invalid, autofocus, least, show, hide, what, caps } =
        given();
    let controls = id.clone();
    let again = what.clone();
    let input = NodeRef::<Input>::new();
    let kind: Flag = RwSignal::new(Some("password"));
    let shown: Flag = RwSignal::new(None);
    let capital: Flag = RwSignal::new(None);
    let key = move |event: KeyboardEvent| capital.set(event.get_modifier_state("CapsLock").then_some(""));
    let toggle = move |_| {
        let show = shown.get_untracked().is_none();
        shown.set(show.then_some(""));
        kind.set(Some(if show { "text" } else { "password" }));
    };
    let typed = move |event: Event| judge(&event, input);
    #[cfg(feature = "hydrate")]
    super::dom::soon(move || {
        on_submit(input, move || {
            // Browsers keep what was in a field of text, and offer it again.
            shown.set(None);
            kind.set(Some("password"));
        });
    });
    view! {
        <div class="secret" on:keyup=key on:input=typed>
            <div class="box">
                <input
                    class="input"
                    node_ref=input
                    id=id
                    name=name
                    type=kind
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    required
                    maxlength="256"
                    autofocus=autofocus
                    minlength=least
                    aria-describedby=described_by
                    aria-invalid=invalid
                />
                <button
                    class="peek"
                    type="button"
                    aria-controls=controls
                    data-shown=shown
                    on:click=toggle
                >
                    <span class="peek-show">{show}<span class="sr">{what}</span></span>
                    <span class="peek-hide">{hide}<span class="sr">{again}</span></span>
                </button>
            </div>
            <p class="caps" role="status" data-on=capital>
                <span>{caps}</span>
            </p>
            {children()}
        </div>
    }
}

/// Calls `act` before the input's form is sent.
#[cfg(feature = "hydrate")]
fn on_submit(input: NodeRef<Input>, act: impl Fn() + 'static) {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;

    let Some(form) = input.get_untracked().and_then(|input| input.form()) else { return };
    let act = Closure::<dyn Fn()>::new(act).into_js_value();
    let _ = form.add_event_listener_with_callback("submit", act.unchecked_ref());
}

/// Ticks the rules that hold, and says how the password as a whole is doing.
#[cfg(feature = "hydrate")]
fn judge(event: &Event, input: NodeRef<Input>) {
    use wasm_bindgen::JsCast;

    use super::dom;

    let Some(input) = input.get_untracked() else { return };
    let password = input.value();
    let Some(root) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return;
    };
    let mut unmet = 0;
    dom::each(&root, "[data-rule]", |item| {
        let least = item.get_attribute("data-least").and_then(|least| least.parse().ok()).unwrap_or(0);
        let holds = holds(&item.get_attribute("data-rule").unwrap_or_default(), least, &password);
        unmet += u32::from(!holds);
        dom::flag(&item, "data-met", holds);
    });
    if let Ok(Some(said)) = root.query_selector(".strength") {
        let level = if password.is_empty() { "" } else { strength(&password, unmet) };
        let _ = said.set_attribute("data-level", level);
    }
}

#[cfg(not(feature = "hydrate"))]
fn judge(_: &Event, _: NodeRef<Input>) {}

/// Whether a rule of the list holds. Cognito counts UTF-16 units nowhere; characters are what people count.
#[cfg(any(feature = "hydrate", test))]
fn holds(rule: &str, least: usize, password: &str) -> bool {
    // Cognito's symbols; a space counts where it is neither first nor last.
    const SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-";
    match rule {
        "length" => password.chars().count() >= least,
        "lower" => password.bytes().any(|byte| byte.is_ascii_lowercase()),
        "upper" => password.bytes().any(|byte| byte.is_ascii_uppercase()),
        "digit" => password.bytes().any(|byte| byte.is_ascii_digit()),
        "ends" => password.trim() == password,
        "symbol" => password.contains(|letter| SYMBOLS.contains(letter)) || password.trim().contains(' '),
        _ => true,
    }
}

/// What the most common passwords are made of, with digits and signs read as the letters they stand for.
#[cfg(any(feature = "hydrate", test))]
const COMMON: [&str; 20] = [
    "password", "passwort", "qwerty", "qwertz", "azerty", "asdf", "letmein", "welcome", "iloveyou", "monkey", "dragon",
    "sunshine", "princess", "football", "superman", "master", "login", "admin", "secret", "changeme",
];

/// A word for a password, from its length and variety: a hint for people, no gate.
#[cfg(any(feature = "hydrate", test))]
fn strength(password: &str, unmet: u32) -> &'static str {
    // Runs and repeats (aaa, 123, cba) add little: a character a step from its neighbour is not counted.
    let mut worth = 0;
    let mut last = 0u32;
    let folded = password.to_ascii_lowercase().replace('0', "o").replace(['@', '4'], "a").replace(['1', '!'], "i");
    let folded = folded.replace(['$', '5'], "s").replace('3', "e");
    // What everybody takes is guessed first, however it is spelled: only what is around it counts.
    let common = COMMON.iter().filter(|word| folded.contains(*word)).map(|word| word.len()).max().unwrap_or(0);
    let own = password.chars().count().saturating_sub(common);
    if common > 0 && own < 8 {
        return "weak";
    }
    for letter in password.chars().map(u32::from) {
        worth += u32::from(letter.abs_diff(last) > 1);
        last = letter;
    }
    match worth {
        _ if unmet > 0 => "weak",
        0..=7 => "weak",
        8..=10 => "fair",
        11..=14 => "good",
        _ => "strong",
    }
}

#[cfg(test)]
mod tests {
    use super::{holds, strength};

    #[test]
    fn rules_are_cognitos() {
        assert!(holds("length", 8, "åßçdéfgh"), "characters, not bytes");
        assert!(!holds("length", 9, "åßçdéfgh"));
        assert!(holds("symbol", 0, "a b") && holds("symbol", 0, "a~b"));
        assert!(!holds("symbol", 0, " ab ") && !holds("symbol", 0, "ab€"));
        assert!(!holds("upper", 0, "Äb") && holds("upper", 0, "Bb"));
        assert!(holds("ends", 0, "a b") && !holds("ends", 0, "a ") && !holds("ends", 0, "\u{a0}a"));
        assert!(!holds("lower", 0, "AB1") && holds("digit", 0, "AB1"));
    }

    #[test]
    fn runs_are_weak_and_length_is_strength() {
        assert_eq!(strength("aaaaaaaaaaaaaaaa", 0), "weak");
        assert_eq!(strength("abcdefghijklmnop", 0), "weak");
        assert_eq!(strength("correct horse battery staple", 0), "strong");
        assert_eq!(strength("correct horse battery staple", 1), "weak", "an unmet rule outweighs all");
        assert_eq!(strength("k7#Vqm2$x", 0), "fair");
        for common in ["Password123!", "P@ssw0rd2024", "Qwerty!23456", "Welcome1!", "Adm1n-2026", "Iloveyou1!"] {
            assert_eq!(strength(common, 0), "weak", "{common}");
        }
        assert_eq!(strength("my password is a long sentence", 0), "strong");
    }
}
